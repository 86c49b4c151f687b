import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseEmail } from '../../../src/platform/address/email-address.ts'
import { providers } from '../../../src/platform/address/email-providers.ts'

const normalised = (input: string) => parseEmail(input)?.normalised

/** Local parts that people have: letters, digits, dots and tags, in Latin and Cyrillic. */
const localPart = fc.stringMatching(
  /^[a-zа-я0-9_-]{1,8}(\.[a-zа-я0-9_-]{1,8}){0,2}(\+[a-z0-9-]{1,6}(\.[a-z]{1,3})?)?$/,
)
const domain = fc.constantFrom(
  ...Object.keys(providers),
  'example.org',
  'пример.бел',
  'bücher.example',
)
const address = fc.tuple(localPart, domain).map((parts) => parts.join('@'))

/** Any string, and strings that look like an address with anything in one of its places. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary' }).map((local) => `${local}@example.org`),
  fc.string({ unit: 'binary' }).map((part) => `a@b${part}c.org`),
  fc.string({ unit: fc.constantFrom(...'a.+-_ⅷﬁ½ﷺİ１﹢') }).map((local) => `${local}@gmail.com`),
  fc.string({ unit: fc.constantFrom(...'a.+-_ⅷﬁ½ﷺİ１﹢') }).map((local) => `${local}@proton.me`),
)

describe('whatever is typed, an e-mail address', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(anyText, (text) => void parseEmail(text)),
      { numRuns: 1000 },
    )
  })

  it('once normalised is normalised for good', () => {
    const idempotent = (text: string) => {
      const once = normalised(text)
      if (once !== undefined) assert.equal(normalised(once), once)
    }
    fc.assert(fc.property(address, idempotent), { numRuns: 300 })
    fc.assert(fc.property(anyText, idempotent), { numRuns: 2000 })
  })

  it('holds no white space, no control and no unseen character, in either form', () => {
    const clean = (text: string) => {
      const email = parseEmail(text)
      if (email) assert.doesNotMatch(email.typed + email.normalised, /[\s\p{Z}\p{C}]/u)
    }
    fc.assert(fc.property(anyText, clean), { numRuns: 2000 })
  })

  it('every single character of Unicode keeps to the last two rules', () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code)
      for (const text of [`a${character}b@example.org`, `a@b${character}c.org`]) {
        const email = parseEmail(text)
        if (!email) continue
        assert.equal(normalised(email.normalised), email.normalised, code.toString(16))
        assert.doesNotMatch(email.typed + email.normalised, /[\s\p{Z}\p{C}]/u, code.toString(16))
      }
    }
  })

  it('is the same in capitals', () => {
    fc.assert(
      fc.property(address, (text) => {
        assert.ok(normalised(text), text)
        assert.equal(normalised(text.toUpperCase()), normalised(text))
      }),
    )
  })

  it('is the same at Gmail wherever dots stand and whatever the tag', () => {
    const letters = fc.array(fc.constantFrom(...'abcxyz019'), { minLength: 1, maxLength: 12 })
    const dotted = letters.chain((name) =>
      fc
        .array(fc.boolean(), { minLength: name.length - 1, maxLength: name.length - 1 })
        .map((dots) => [
          name.join(''),
          name.reduce((text, c, i) => text + (dots[i - 1] ? '.' : '') + c),
        ]),
    )
    const tag = fc.stringMatching(/^(\+[a-z0-9]{0,8}(\.[a-z]{1,3})?)?$/)
    fc.assert(
      fc.property(
        dotted,
        tag,
        fc.constantFrom('gmail.com', 'googlemail.com'),
        ([plain, spelt], tagged, at) => {
          assert.equal(normalised(`${spelt}${tagged}@${at}`), `${plain}@gmail.com`)
        },
      ),
    )
  })

  it('tells two mailboxes apart', () => {
    const name = fc.stringMatching(/^[a-z]{1,10}$/)
    fc.assert(
      fc.property(name, name, domain, (a, b, at) => {
        fc.pre(a !== b)
        assert.notEqual(normalised(`${a}@${at}`), normalised(`${b}@${at}`))
      }),
    )
  })
})
