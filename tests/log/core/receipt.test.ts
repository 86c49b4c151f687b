import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MalformedError } from '../../../src/log/core/canonical.ts'
import { formatEntry } from '../../../src/log/core/entry/entry-line.ts'
import { formatNote, parseNote } from '../../../src/log/core/note/note.ts'
import { addSignatures, cosign } from '../../../src/log/core/note/sign-note.ts'
import { formatOpening, parseOpening } from '../../../src/log/core/opening.ts'
import { formatTlogProof, parseTlogProof } from '../../../src/log/core/tlog-proof.ts'
import { proveInclusion } from '../../../src/log/core/tree/prove-inclusion.ts'
import { verifyReceipt } from '../../../src/log/core/verify-receipt.ts'
import { encodeBase64 } from '../../../src/platform/bytes.ts'
import { commit } from '../../../src/sealing/record/commitment.ts'
import { asText, hexes, utf8, withByte } from './support/bytes.ts'
import { buildLog, makeEntries, trust, witness } from './support/memory-log.ts'
import { sha256 } from './support/naive-tree.ts'

const SIZE = 1000
const INDEX = 997
const secret = sha256(utf8('secret'))
const fields = {
  slug: 'cop29-baku',
  id: '42',
  normalisedEmail: 'leyla@example.org',
  name: 'Leyla Əliyeva',
  textVersion: 1,
}
const commitment = encodeBase64(commit(secret, fields))
const entry = { kind: 'sign', slug: fields.slug, hour: '2024-11-11T10Z', commitment } as const
const entries = makeEntries(SIZE)
entries[INDEX] = formatEntry(entry)
const log = buildLog(entries)
const checkpoint = formatNote(
  addSignatures(parseNote(log.checkpoint), [cosign(log.checkpointText, witness, 1_731_319_200)]),
)
const hashes = await proveInclusion(INDEX, SIZE, log.getTile)
const proof = { extra: entries[INDEX], index: INDEX, hashes, checkpoint }
const receipt = formatTlogProof(proof)
const opening = formatOpening({ secret, fields })

async function problemOf(...[bytes, open]: [Uint8Array, (Uint8Array | null)?]): Promise<string> {
  const verified = await verifyReceipt(bytes, trust, open)
  return verified.ok ? 'ok' : verified.problem
}

describe('a receipt', () => {
  it('shows that its entry is in the log, and who witnessed that', async () => {
    const verified = await verifyReceipt(receipt, trust)
    assert.ok(verified.ok)
    assert.deepEqual(verified.entry, entry)
    assert.equal(verified.index, INDEX)
    assert.equal(verified.checkpoint.size, SIZE)
    assert.deepEqual(
      verified.cosigned.map(({ key }) => key.name),
      ['witness.example'],
    )
    assert.equal(verified.opening, null)
  })

  it('is a proof as c2sp.org/tlog-proof lays it out', () => {
    const lines = asText(receipt).split('\n')
    assert.equal(lines[0], 'c2sp.org/tlog-proof@v1')
    assert.equal(lines[1], `extra ${Buffer.from(entries[INDEX]!).toString('base64')}`)
    assert.equal(lines[2], 'index 997')
    assert.equal(lines[3 + hashes.length], '')
    assert.equal(lines[4 + hashes.length], 'log.example/petitions')
    const again = parseTlogProof(receipt)
    assert.deepEqual(hexes(again.hashes), hexes(hashes))
    assert.equal(asText(again.checkpoint), asText(checkpoint))
  })

  it('with its private part shows whose the entry is', async () => {
    const verified = await verifyReceipt(receipt, trust, opening)
    assert.ok(verified.ok)
    assert.deepEqual(verified.opening?.fields, fields)
  })

  it('can be had of every entry of the log', async () => {
    for (let index = 0; index < SIZE; index += 37) {
      const path = await proveInclusion(index, SIZE, log.getTile)
      const bytes = formatTlogProof({ extra: entries[index]!, index, hashes: path, checkpoint })
      assert.equal(await problemOf(bytes), 'ok')
    }
  })

  it('is refused with any one byte changed', async () => {
    for (let at = 0; at < receipt.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const verified = await verifyReceipt(
          withByte(receipt, at, receipt[at]! ^ (1 << bit)),
          trust,
        )
        // A changed name or key ID is an unknown witness's: nothing is known of it any more.
        if (verified.ok) assert.equal(verified.cosigned.length, 0, `${at} ${bit}`)
      }
    }
  })

  it('is refused with any one byte changed, when the log alone signed', async () => {
    const plain = formatTlogProof({ ...proof, checkpoint: log.checkpoint })
    assert.equal(await problemOf(plain), 'ok')
    for (let at = 0; at < plain.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        assert.notEqual(await problemOf(withByte(plain, at, plain[at]! ^ (1 << bit))), 'ok')
      }
    }
  })

  it('that is refused says why', async () => {
    const other = makeEntries(SIZE)
    const { checkpoint: otherCheckpoint } = buildLog(other)
    const untrusted = formatNote({
      ...parseNote(checkpoint),
      signatures: [{ ...parseNote(checkpoint).signatures[0]!, keyId: '00000000' }],
    })
    const broken = parseNote(checkpoint)
    broken.signatures[0]!.signature[0]! ^= 1
    const cases: [string, Partial<typeof proof>][] = [
      ['not-in-the-log', { index: INDEX - 1 }],
      ['not-in-the-log', { index: SIZE }],
      ['not-in-the-log', { hashes: hashes.slice(1) }],
      ['not-in-the-log', { extra: entries[5] }],
      ['not-in-the-log', { checkpoint: otherCheckpoint }],
      ['checkpoint-unsigned', { checkpoint: untrusted }],
      ['checkpoint-bad-signature', { checkpoint: formatNote(broken) }],
      ['checkpoint-malformed', { checkpoint: utf8('nothing\n') }],
      ['unknown-entry', { extra: utf8('sign/v2 a') }],
      ['unknown-entry', { extra: new Uint8Array(0) }],
    ]
    for (const [expected, change] of cases) {
      const bytes = formatTlogProof({ ...proof, ...change } as typeof proof)
      assert.equal(await problemOf(bytes), expected, Object.keys(change).join())
    }
    assert.equal(await problemOf(utf8('hello')), 'malformed-receipt')
    assert.equal(await problemOf(formatTlogProof({ ...proof, extra: null })), 'malformed-receipt')
  })
})

describe('the form of a proof', () => {
  const hash = Buffer.alloc(32, 1).toString('base64')
  const good = `c2sp.org/tlog-proof@v1\nindex 10\n${hash}\n${hash}\n\ncheckpoint data\n`

  it('may lack extra data, and hashes', () => {
    assert.equal(parseTlogProof(utf8(good)).extra, null)
    const single = 'c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n'
    assert.deepEqual(parseTlogProof(utf8(single)).hashes, [])
    for (const text of [good, single]) {
      assert.equal(asText(formatTlogProof(parseTlogProof(utf8(text)))), text)
    }
  })

  it('is refused when it is any other', () => {
    const bad = [
      ...['', '\n\n', good.slice(1), good.replace('v1', 'v2'), good.replaceAll('\n', '\r\n')],
      ...[good.replace('index 10', 'index 010'), good.replace('index 10', 'index -1')],
      ...[good.replace('index 10\n', ''), good.replace('index 10', 'index 10 ')],
      ...[good.replace('index', 'Index'), good.replace('\n\n', '\n'), good.replace(hash, 'AAAA')],
      ...[good.replace(hash, hash.slice(0, -1)), good.replace('index', 'extra !!\nindex')],
      ...[
        good.replace('index', 'extra\nindex'),
        good.replace('index', 'extra AA==\nextra AA==\nindex'),
      ],
      good.replace(hash, Array(63).fill(hash).join('\n')),
      good.replace('index 10\n', 'index 10\nextra AA==\n'),
    ]
    for (const text of bad) {
      assert.throws(() => parseTlogProof(utf8(text)), MalformedError, JSON.stringify(text))
    }
    assert.throws(() => parseTlogProof(new Uint8Array(2_000_001)), MalformedError)
    assert.throws(() => parseTlogProof(new Uint8Array([...utf8(good), 0xff])), MalformedError)
  })
})

describe('the private part of a receipt', () => {
  it('is JSON that a person can read', () => {
    assert.deepEqual(JSON.parse(asText(opening)), {
      format: 'undersigned-opening/1',
      r: Buffer.from(secret).toString('base64'),
      ...fields,
    })
    const again = parseOpening(opening)
    assert.deepEqual(hexes([again.secret]), hexes([secret]))
    assert.deepEqual(again.fields, fields)
  })

  it('is refused with any one byte changed', async () => {
    for (let at = 0; at < opening.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = withByte(opening, at, opening[at]! ^ (1 << bit))
        const problem = await problemOf(receipt, changed)
        assert.ok(['malformed-opening', 'wrong-opening'].includes(problem), `${at} ${bit}`)
      }
    }
  })

  it('of somebody else, or for an entry that signs nothing, is wrong', async () => {
    const others = [
      { secret: sha256(utf8('another')), fields },
      { secret, fields: { ...fields, normalisedEmail: 'leyla@example.com' } },
      { secret, fields: { ...fields, slug: 'clean-water' } },
    ]
    for (const other of others) {
      assert.equal(await problemOf(receipt, formatOpening(other)), 'wrong-opening')
    }
    const path = await proveInclusion(0, SIZE, log.getTile)
    const text = formatTlogProof({ extra: entries[0]!, index: 0, hashes: path, checkpoint })
    assert.equal(await problemOf(text), 'ok')
    assert.equal(await problemOf(text, opening), 'wrong-opening')
  })

  it('is refused in any other form', () => {
    const json = JSON.parse(asText(opening))
    const bad: unknown[] = [
      ...[null, [], 'x', 1, {}, { ...json, format: 'undersigned-opening/2' }],
      ...[
        { ...json, r: 'AAAA' },
        { ...json, r: 1 },
        { ...json, more: 1 },
        { ...json, id: 42 },
      ],
      ...[
        { ...json, textVersion: '1' },
        { ...json, textVersion: -1 },
        { ...json, name: null },
      ],
      { ...json, name: '\ud800' },
    ]
    const texts = [
      ...bad.map((value) => `${JSON.stringify(value, null, 2)}\n`),
      ...['', '{', asText(opening).trim(), JSON.stringify(json), `\ufeff${asText(opening)}`],
      `${'['.repeat(50_000)}`,
      ' '.repeat(100_001),
    ]
    for (const text of texts) {
      assert.throws(() => parseOpening(utf8(text)), MalformedError, text.slice(0, 200))
    }
  })
})
