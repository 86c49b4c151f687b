import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MalformedError } from '../../../src/log/core/canonical.ts'
import { formatCheckpoint, parseCheckpoint } from '../../../src/log/core/note/checkpoint.ts'
import { cosignedMessage, parseCosignature } from '../../../src/log/core/note/cosignature.ts'
import { signerFromSeed, verifyEd25519 } from '../../../src/log/core/note/node-ed25519.ts'
import { formatNote, parseNote } from '../../../src/log/core/note/note.ts'
import { COSIGNATURE_V1, ED25519, parseVkey } from '../../../src/log/core/note/note-key.ts'
import { openCheckpoint, type Trust } from '../../../src/log/core/note/open-checkpoint.ts'
import { addSignatures, cosign, signNote } from '../../../src/log/core/note/sign-note.ts'
import { hashLeaf } from '../../../src/log/core/tree/hash-tree.ts'
import { encodeBase64 } from '../../../src/platform/bytes.ts'
import { asText, hex, utf8, withByte } from './support/bytes.ts'
import { logSigner, trust, witness } from './support/memory-log.ts'
import { ARCHE_CHECKPOINT, ARCHE_VKEY, WITNESS_VKEYS } from './vectors/notes.ts'
import { TESSERA_CHECKPOINTS, TESSERA_VKEY } from './vectors/tessera.ts'

const root = hashLeaf(utf8('hello world'))
const origin = logSigner.key.name
const text = formatCheckpoint({ origin, size: 7, root })
const checkpoint = signNote(text, [logSigner])
const TIME = 1_679_315_147
const cosigned = formatNote(addSignatures(parseNote(checkpoint), [cosign(text, witness, TIME)]))
const EMPTY = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='

async function outcome(bytes: Uint8Array, other: Partial<Trust> = {}): Promise<string> {
  const opened = await openCheckpoint(bytes, { ...trust, ...other })
  return opened.ok ? 'ok' : opened.problem
}

describe('the text of a checkpoint', () => {
  it('is three lines, as in Go’s sumdb/tlog/note_test.go', () => {
    const size = 123456789012
    const expected = `go.sum\n${size}\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n`
    assert.equal(formatCheckpoint({ origin: 'go.sum', size, root }), expected)
    const parsed = parseCheckpoint(expected)
    assert.deepEqual([parsed.origin, parsed.size, hex(parsed.root)], ['go.sum', size, hex(root)])
  })

  it('is refused in any other form', () => {
    const hash = 'TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0='
    const bad = [
      ...['', '\n', '\n\n\n', `a\n1\n${hash}`, `a\n1\n${hash}\n\n`, `\n1\n${hash}\n`, `a\n1\n`],
      ...[
        `a\n1\n${hash}\n\nafter an empty line\n`,
        `a\n1\n${hash}\nan unfinished line`,
        `a\n01\n${hash}\n`,
        `a\n-1\n${hash}\n`,
        `a\n\n${hash}\n`,
      ],
      ...[`a\n+1\n${hash}\n`, `a\n1e3\n${hash}\n`, `a\n0x1\n${hash}\n`, `a\n1 \n${hash}\n`],
      ...[
        `a\n9007199254740992\n${hash}\n`,
        `a\n99999999999999999999\n${hash}\n`,
        `a\n١\n${hash}\n`,
      ],
      ...[
        `a\n1\n${hash.slice(0, -1)}\n`,
        `a\n1\n${hash.replace('0=', '1=')}\n`,
        `a\n1\n${hash}=\n`,
      ],
      ...[`a\n1\nAAAA\n`, `a\n1\n${hash}${hash}\n`, `a\n1\n ${hash}\n`, `a\r\n1\r\n${hash}\r\n`],
    ]
    for (const one of bad) {
      assert.throws(() => parseCheckpoint(one), MalformedError, JSON.stringify(one))
    }
    assert.equal(parseCheckpoint(`a\n0\n${EMPTY}\n`).size, 0)
  })

  it('of another log may have any origin, and lines that say more', () => {
    const hash = encodeBase64(root)
    for (const origin of [
      'Go checksum database',
      'rekor.example - 1193050959916656506',
      'a+b',
      '§',
    ]) {
      for (const more of ['', 'one line\n', `${hash}\nTimestamp: 1679315147\n`]) {
        const parsed = parseCheckpoint(`${origin}\n7\n${hash}\n${more}`)
        assert.deepEqual([parsed.origin, parsed.size, hex(parsed.root)], [origin, 7, hex(root)])
      }
    }
  })

  it('is not made of what couldn’t be read', () => {
    for (const bad of [{ origin: 'a\nb' }, { origin: '' }, { root: new Uint8Array(31) }]) {
      assert.throws(() => formatCheckpoint({ origin, size: 7, root, ...bad }), MalformedError)
    }
    assert.throws(() => formatCheckpoint({ origin, size: 0, root }), MalformedError)
    assert.throws(() => formatCheckpoint({ origin, size: -1, root }), RangeError)
  })
})

describe('a signed checkpoint', () => {
  it('of tessera’s testdata/log is verified at every size', async () => {
    const logKeys = [parseVkey(TESSERA_VKEY)]
    for (const [size, note] of TESSERA_CHECKPOINTS.entries()) {
      const opened = await openCheckpoint(utf8(note), { ...trust, logKeys })
      assert.ok(opened.ok)
      assert.equal(opened.checkpoint.size, size)
    }
  })

  it('of a public log is verified, with its witnesses’ cosignatures', async () => {
    const opened = await openCheckpoint(utf8(ARCHE_CHECKPOINT), {
      logKeys: [parseVkey(ARCHE_VKEY)],
      witnessKeys: WITNESS_VKEYS.map(parseVkey),
      verify: verifyEd25519,
    })
    assert.ok(opened.ok)
    assert.equal(opened.checkpoint.size, 1_432_088_532)
    assert.deepEqual(
      opened.cosigned.map(({ key, time }) => [key.name, new Date(time! * 1000).toISOString()]),
      WITNESS_VKEYS.map((vkey) => [vkey.split('+')[0], '2026-05-23T21:50:24.000Z']),
    )
  })

  it('without the log’s own signature is refused, whoever else signed', async () => {
    const byWitness = formatNote({ text, signatures: [cosign(text, witness, TIME)] })
    assert.equal(await outcome(byWitness), 'unsigned')
    assert.equal(await outcome(cosigned), 'ok')
    assert.equal(await outcome(cosigned, { logKeys: [] }), 'unsigned')
  })

  it('is verified with the lines that say more, which are signed too', async () => {
    const more = signNote(`${text}stamped by nobody\n`, [logSigner])
    assert.equal(await outcome(more), 'ok')
    const changed = Buffer.from(Buffer.from(more).toString().replace('nobody', 'anybod'))
    assert.equal(await outcome(changed), 'bad-signature')
  })

  it('of no entries has the root of none', async () => {
    const empty = (hash: string) => signNote(`${origin}\n0\n${hash}\n`, [logSigner])
    assert.equal(await outcome(empty(EMPTY)), 'ok')
    assert.equal(await outcome(empty(encodeBase64(root))), 'malformed')
  })

  it('of another origin is refused, though a known key signed it', async () => {
    const other = formatCheckpoint({ origin: 'other.example', size: 7, root })
    assert.equal(await outcome(signNote(other, [logSigner])), 'wrong-origin')
  })

  it('is accepted under the old or the new key while keys change', async () => {
    const next = signerFromSeed(origin, ED25519, new Uint8Array(32).fill(9))
    const both = signNote(text, [logSigner, next])
    assert.equal(await outcome(both), 'ok')
    assert.equal(await outcome(both, { logKeys: [next.key] }), 'ok')
    assert.equal(await outcome(both, { logKeys: [logSigner.key, next.key] }), 'ok')
  })

  it('is refused with any one byte changed, in the witness’s line, too', async () => {
    for (const note of [checkpoint, cosigned]) {
      const isWitnessed = note === cosigned
      for (let at = 0; at < note.length; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const opened = await openCheckpoint(withByte(note, at, note[at]! ^ (1 << bit)), trust)
          // A changed name or key ID is an unknown witness's: nothing is known of it any more.
          if (opened.ok) assert.ok(isWitnessed && opened.cosigned.length === 0, `${at} ${bit}`)
        }
      }
    }
  })
})

describe('a cosignature', () => {
  it('signs what c2sp.org/tlog-cosignature shows', () => {
    const message = cosignedMessage(TIME, 'example.com/behind-the-sofa\n20852163\nCsUY\n')
    assert.equal(
      asText(message),
      'cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUY\n',
    )
  })

  it('says when', async () => {
    const opened = await openCheckpoint(cosigned, trust)
    assert.ok(opened.ok)
    assert.deepEqual(
      opened.cosigned.map(({ key, time }) => [key.name, time]),
      [['witness.example', TIME]],
    )
  })

  it('is no plain signature, and the other way round', async () => {
    const seed = new Uint8Array(32).fill(2)
    const plain = signerFromSeed(witness.key.name, ED25519, seed)
    const asCosignature = { ...witness.key, keyId: plain.key.keyId }
    const note = signNote(text, [logSigner, plain])
    assert.equal(await outcome(note, { witnessKeys: [asCosignature] }), 'bad-signature')
    const asPlain = { ...witness.key, type: ED25519 } as const
    assert.equal(await outcome(cosigned, { witnessKeys: [asPlain] }), 'bad-signature')
  })

  it('with another time, or for another checkpoint, is refused', async () => {
    const [line] = parseNote(cosigned).signatures.slice(1)
    const later = withByte(line!.signature, 7, line!.signature[7]! ^ 1)
    const changed = addSignatures(parseNote(checkpoint), [{ ...line!, signature: later }])
    assert.equal(await outcome(formatNote(changed)), 'bad-signature')
    const other = signNote(formatCheckpoint({ origin, size: 8, root }), [logSigner])
    assert.equal(
      await outcome(formatNote(addSignatures(parseNote(other), [line!]))),
      'bad-signature',
    )
  })

  it('of another length, or of a time past all numbers, is refused', () => {
    for (const length of [0, 8, 64, 71, 73]) {
      assert.throws(() => parseCosignature(new Uint8Array(length)), MalformedError)
    }
    assert.throws(() => parseCosignature(new Uint8Array(72).fill(255)), MalformedError)
    const view = new Uint8Array(80).fill(255).subarray(8)
    view.fill(0, 0, 8)
    assert.equal(parseCosignature(view).time, 0)
    assert.throws(() => cosign(text, witness, -1), RangeError)
    assert.throws(() => cosign(text, witness, 0.5), RangeError)
    assert.equal(witness.key.type, COSIGNATURE_V1)
  })
})
