import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MalformedError } from '../../../src/log/core/canonical.ts'
import { type LogEntry, VOID_REASONS } from '../../../src/log/core/entry/entry.ts'
import { formatBundle, parseBundle } from '../../../src/log/core/entry/entry-bundle.ts'
import { formatEntry, formatHour, parseEntry } from '../../../src/log/core/entry/entry-line.ts'
import { asText, fromHex, hex, hexes, utf8 } from './support/bytes.ts'
import { TESSERA_ENTRIES } from './vectors/tessera.ts'

const HASH = 'TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0='
const examples: [string, LogEntry][] = [
  [
    `sign/v1 cop29-baku 2024-11-11T09Z ${HASH}`,
    { kind: 'sign', slug: 'cop29-baku', hour: '2024-11-11T09Z', commitment: HASH },
  ],
  ['withdraw/v1 cop29-baku 0', { kind: 'withdraw', slug: 'cop29-baku', index: 0 }],
  [
    'void/v1 cop29-baku 1234567 duplicate',
    { kind: 'void', slug: 'cop29-baku', index: 1234567, reason: 'duplicate' },
  ],
  [
    'turned-away/v1 cop29-baku 17 bot',
    { kind: 'turned-away', slug: 'cop29-baku', number: 17, reason: 'bot' },
  ],
  [
    `paper/v1 cop29-baku 1200 ${HASH}`,
    { kind: 'paper', slug: 'cop29-baku', number: 1200, hash: HASH },
  ],
  [
    `imported/v1 cop29-baku 0 ${HASH}`,
    { kind: 'imported', slug: 'cop29-baku', number: 0, hash: HASH },
  ],
  [`recipients/v1 a ${HASH}`, { kind: 'recipients', slug: 'a', hash: HASH }],
  [
    `text/v1 cop29-baku az 3 ${HASH}`,
    { kind: 'text', slug: 'cop29-baku', language: 'az', version: 3, hash: HASH },
  ],
]
const problemOf = (text: string | Uint8Array) => {
  const entry = parseEntry(typeof text === 'string' ? utf8(text) : text)
  return entry.kind === 'invalid' ? entry.problem : entry.kind
}

describe('an entry', () => {
  it('of each kind is a line of text', () => {
    for (const [text, entry] of examples) {
      assert.equal(asText(formatEntry(entry)), text)
      assert.deepEqual(parseEntry(utf8(text)), entry)
    }
  })

  it('reads back as what it was made from', () => {
    const slug = fc.constantFrom('a', 'cop29-baku', 'a1-b2-c3', 'x'.repeat(60))
    const hash = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString('base64'))
    const time = fc.date({
      min: new Date('1970-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    })
    const index = fc.maxSafeNat()
    const common = fc.record({
      slug,
      index,
      hash,
      commitment: hash,
      hour: time.map(formatHour),
      reason: fc.constantFrom(...VOID_REASONS),
      language: fc.constantFrom('en', 'az', 'be', 'kmr', 'zh-Hant'),
      version: fc.integer({ min: 1 }),
    })
    const entry = common.chain(({ slug, index, hash, commitment, hour, ...rest }) => {
      const { reason, language, version } = rest
      return fc.constantFrom<LogEntry>(
        { kind: 'sign', slug, hour, commitment },
        { kind: 'withdraw', slug, index },
        { kind: 'void', slug, index, reason },
        { kind: 'turned-away', slug, number: version, reason },
        { kind: 'paper', slug, number: version, hash },
        { kind: 'imported', slug, number: version, hash },
        { kind: 'recipients', slug, hash },
        { kind: 'text', slug, language, version, hash },
      )
    })
    fc.assert(
      fc.property(entry, (one) => {
        assert.deepEqual(parseEntry(formatEntry(one)), one)
      }),
      { numRuns: 1000 },
    )
  })

  it('of a kind that isn’t known is said to be so', () => {
    for (const text of [
      ...['sign/v2 a 2024-11-11T09Z', 'sign', '', ' ', 'hello world', 'SIGN/v1 a', 'constructor a'],
      ...['__proto__ a', 'toString a', '\ufeffsign/v1 a', ` ${examples[0]![0]}`, 'sign/v1\ta'],
    ]) {
      assert.equal(problemOf(text), 'unknown-kind', text)
    }
    assert.equal(problemOf(Buffer.of(0xff)), 'not-text')
    assert.equal(problemOf(Buffer.of(0xed, 0xa0, 0x80)), 'not-text')
  })

  const sign = (hour: string, hash = HASH) => `sign/v1 a ${hour} ${hash}`
  const malformed = [
    ...['withdraw/v1 ', 'withdraw/v1 a', 'withdraw/v1 a ', 'withdraw/v1 a 01', 'withdraw/v1 a -1'],
    ...['withdraw/v1 a 1 ', 'withdraw/v1  a 1', 'withdraw/v1 a  1', 'withdraw/v1 a 1\n'],
    ...['withdraw/v1 a 1 duplicate', 'withdraw/v1 a 9007199254740992', 'withdraw/v1 a 1e3'],
    ...['withdraw/v1 A 1', 'withdraw/v1 a- 1', 'withdraw/v1 -a 1', 'withdraw/v1 a--b 1'],
    ...['withdraw/v1 ä 1', 'withdraw/v1 a/b 1', `withdraw/v1 ${'x'.repeat(61)} 1`],
    ...['void/v1 a 1', 'void/v1 a 1 spam', 'void/v1 a 1 Bot', 'void/v1 a 1 bot ', 'void/v1 a bot'],
    ...[
      'turned-away/v1 a 0 bot',
      'turned-away/v1 a 3',
      'turned-away/v1 a bot 3',
      'turned-away/v1 a 3 x',
    ],
    ...[`paper/v1 a 0 ${HASH}`, 'paper/v1 a 3', `paper/v1 a -3 ${HASH}`, `paper/v1 a ${HASH}`],
    ...[`imported/v1 a 01 ${HASH}`, 'imported/v1 a 3', `imported/v1 a ${HASH}`],
    ...['withdraw/v1 a ١', `withdraw/v1 ${'a-'.repeat(40_000)} 1`],
    ...[sign('2024-11-11'), sign('2024-11-11T09'), sign('2024-11-11T24Z'), sign('2024-13-01T00Z')],
    ...[sign('2024-00-01T00Z'), sign('2024-02-30T00Z'), sign('2023-02-29T00Z')],
    ...[sign('1900-02-29T00Z'), sign('2024-04-31T00Z'), sign('2024-11-11T09:30Z')],
    ...[sign('2024-11-11T09z'), sign('24-11-11T09Z'), sign('2024-11-00T09Z')],
    ...[
      sign('2024-11-11T09Z', HASH.slice(0, -1)),
      sign('2024-11-11T09Z', HASH.replace('0=', '1=')),
    ],
    ...[sign('2024-11-11T09Z', `${HASH}=`), sign('2024-11-11T09Z', HASH.replace('+', '-'))],
    ...[
      sign('2024-11-11T09Z', 'AAAA'),
      `${sign('2024-11-11T09Z')} more`,
      sign('2024-11-11T09Z', ''),
    ],
    ...[`recipients/v1 ${HASH}`, `recipients/v1 a b ${HASH}`, `text/v1 a en ${HASH}`],
    ...[`text/v1 a en 0 ${HASH}`, `text/v1 a EN 1 ${HASH}`, `text/v1 a e 1 ${HASH}`],
    ...[`text/v1 a en-x 1 ${HASH}`, `text/v1 a en 01 ${HASH}`],
  ]
  it('is refused in any other form', () => {
    for (const text of malformed) {
      assert.equal(problemOf(text), 'malformed', JSON.stringify(text.slice(0, 80)))
    }
    assert.equal(problemOf(sign('2024-02-29T00Z')), 'sign')
    assert.equal(problemOf(sign('2000-02-29T23Z')), 'sign')
  })

  it('is not made of what couldn’t be read: the log is for ever', () => {
    const bad: LogEntry[] = [
      { kind: 'withdraw', slug: 'a b', index: 1 },
      { kind: 'withdraw', slug: 'a', index: -1 },
      { kind: 'withdraw', slug: 'a', index: 1e21 },
      { kind: 'withdraw', slug: 'a 1\nwithdraw/v1 b', index: 1 },
      { kind: 'void', slug: 'a', index: 1, reason: 'spam' as 'bot' },
      { kind: 'sign', slug: 'a', hour: '2024-11-11T09:00Z', commitment: HASH },
      { kind: 'sign', slug: 'a', hour: '2024-11-11T09Z', commitment: 'AAAA' },
      { kind: 'text', slug: 'a', language: 'english', version: 1, hash: HASH },
      { kind: 'text', slug: 'a', language: 'en', version: 0, hash: HASH },
      { kind: 'recipients', slug: 'a', hash: '' },
    ]
    for (const entry of bad) {
      assert.throws(() => formatEntry(entry), RangeError, JSON.stringify(entry))
    }
  })

  it('says the hour of a signature, never the minute', () => {
    assert.equal(formatHour(new Date('2024-11-11T09:59:59.999Z')), '2024-11-11T09Z')
  })
})

describe('an entry bundle', () => {
  it('is that of tessera’s testdata/log', () => {
    const bundle = formatBundle(TESSERA_ENTRIES.map(utf8))
    assert.equal(hex(bundle.subarray(0, 12)), '00036f6e65000374776f0005')
    assert.equal(bundle.length, 0x63)
    assert.deepEqual(parseBundle(bundle, 15).map(asText), TESSERA_ENTRIES)
  })

  it('reads back as what it was made from', () => {
    const entry = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(new Uint8Array(0), new Uint8Array(65_535)),
    )
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
        const bundle = formatBundle(entries)
        assert.deepEqual(hexes(parseBundle(bundle, entries.length)), hexes(entries))
        assert.throws(() => parseBundle(bundle, entries.length + 1), MalformedError)
        const longer = new Uint8Array([...bundle, 0])
        assert.throws(() => parseBundle(longer, entries.length), MalformedError)
        if (entries.length === 0) return
        assert.throws(() => parseBundle(bundle, entries.length - 1), MalformedError)
        assert.throws(() => parseBundle(bundle.subarray(0, -1), entries.length), MalformedError)
      }),
    )
  })

  it('has no place for an entry that two bytes can’t count', () => {
    assert.throws(() => formatBundle([new Uint8Array(65_536)]), RangeError)
  })

  it('is refused when its lengths lead out of it', () => {
    for (const bad of ['00', 'ffff', '0001', '000261', '000161ff', '00016100']) {
      assert.throws(() => parseBundle(fromHex(bad), 1), MalformedError, bad)
    }
  })
})
