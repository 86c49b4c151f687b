import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createIntakeGuard } from '../../src/defence/intake.ts'
import { judgeForm } from '../../src/defence/verdict.ts'
import { SECOND } from '../../src/platform/clock.ts'
import { deriveKeyring } from '../../src/platform/keyring.ts'
import { createTestClock } from '../support/test-clock.ts'

const keyring = deriveKeyring(Buffer.alloc(32, 7))

function makeGuard() {
  const clock = createTestClock()
  const config = { trustProxy: 'loopback', publicUrl: 'https://petitions.test' }
  const guard = createIntakeGuard({ db: null as never, clock, keyring, config }, { on: true })
  const weigh = (email: string, address: string) =>
    guard.weigh({
      address,
      email: { normalised: email, exact: email },
      proof: '',
      name: 'Ann Lee',
      language: 'en',
      headers: {},
    })
  return { clock, weigh }
}

describe('a form without work', () => {
  it('is mailed while one host sends thousands, and goes on for an hour', () => {
    const { clock, weigh } = makeGuard()
    for (let nth = 0; nth < 1300; nth++) weigh(`flood${nth}@town${nth}.example`, '45.0.0.1')
    assert.equal(weigh('ann@example.net', '91.2.3.4').held, null)
    for (let nth = 0; nth < 7560; nth++) {
      if (nth % 21 === 0) clock.move(10 * SECOND)
      weigh(`more${nth}@city${nth}.example`, '45.0.0.1')
    }
    assert.equal(weigh('eve@example.net', '92.2.3.4').held, null)
  })

  it('is no company for forms to one domain, or with one address, that wait for that', () => {
    const { weigh } = makeGuard()
    for (let nth = 0; nth < 2000; nth++)
      weigh(`flood${nth}@farm.example`, `45.${nth >> 8}.${nth & 255}.1`)
    for (let nth = 0; nth < 2000; nth++)
      weigh('victim@example.org', `46.${nth >> 8}.${nth & 255}.1`)
    assert.notEqual(weigh('ann@example.net', '91.2.3.4').held, 'unproved')
  })

  it('from a network of its own stands before a flood from a few networks', () => {
    const { clock, weigh } = makeGuard()
    const turns: number[] = []
    for (let nth = 0; nth < 12_000; nth++) {
      if (nth % 5 === 0) clock.move(SECOND)
      const address = `45.0.${nth % 60}.${Math.floor(nth / 60) % 250}`
      const { held, turn } = weigh(`flood${nth}@town${nth}.example`, address)
      if (held === 'unproved') turns.push(turn)
    }
    const ann = weigh('ann@example.net', '91.2.3.4')
    assert.deepEqual([ann.held, ann.turn], ['unproved', 0])
    const first = turns.filter((turn) => turn === 0).length
    assert.ok(first < 200, `${first} of ${turns.length} waiting forms stand beside it`)
  })
})

describe('a proof of too little work', () => {
  const expiresAt = new Date()
  const judge = (work: number | null, unproved: number, place: 0 | 1 | 2) =>
    judgeForm(
      {
        proof: work === null ? null : { id: Buffer.alloc(16), work, expiresAt },
        hasWorked: false,
        domain: 'example.net',
      },
      { host: 0, net: 0, unproved: () => unproved, domain: 1, address: 1 },
      place,
    )

  it('is never worse than none', () => {
    assert.equal(judge(2000, 0, 0), null)
    assert.equal(judge(null, 0, 0), null)
    assert.equal(judge(2000, 0, 2), 'slow')
    assert.equal(judge(null, 0, 2), 'slow')
    assert.equal(judge(2000, 2000, 0), 'slow')
    assert.equal(judge(null, 2000, 0), 'unproved')
  })
})

describe('the limit of a domain', () => {
  const heldOf = (email: (nth: number) => string) => {
    const { clock, weigh } = makeGuard()
    let held = 0
    for (let nth = 0; nth < 1000; nth++) {
      clock.move(SECOND)
      if (weigh(email(nth), `45.${nth >> 8}.${nth & 255}.1`).held === 'domain') held++
    }
    return held
  }

  it('counts the names below it, which its holder makes up', () => {
    const one = heldOf((nth) => `flood${nth}@farm.example`)
    assert.ok(one > 500)
    assert.equal(
      heldOf((nth) => `flood${nth}@m${nth}.farm.example`),
      one,
    )
    assert.equal(
      heldOf((nth) => `flood${nth}@m${nth}.farm.co.uk`),
      one,
    )
    assert.equal(
      heldOf((nth) => `flood${nth}@m${nth}.farm.gmail.com`),
      one,
    )
  })

  it('is none for a large provider, nor shared by those who share a suffix', () => {
    assert.equal(
      heldOf((nth) => `flood${nth}@hotmail.co.uk`),
      0,
    )
    assert.equal(
      heldOf((nth) => `flood${nth}@town${nth}.co.uk`),
      0,
    )
  })
})
