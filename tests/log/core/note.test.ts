import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MalformedError } from '../../../src/log/core/canonical.ts'
import { signerFromSeed, verifyEd25519 } from '../../../src/log/core/note/node-ed25519.ts'
import {
  formatNote,
  formatSignatureLine,
  parseNote,
  parseSignatureLines,
} from '../../../src/log/core/note/note.ts'
import { ED25519, makeKey, type NoteKey, parseVkey } from '../../../src/log/core/note/note-key.ts'
import { openNote } from '../../../src/log/core/note/open-note.ts'
import { addSignatures, signNote } from '../../../src/log/core/note/sign-note.ts'
import { asText, fromBase64, hex, utf8, withByte } from './support/bytes.ts'
import {
  C2SP_NOTE,
  C2SP_VKEY,
  ENOCH_LINE,
  ENOCH_VKEY,
  GO_TEXT,
  PETER_LINE,
  PETER_SECRET,
  PETER_VKEY,
} from './vectors/notes.ts'

const peter = parseVkey(PETER_VKEY)
const enoch = parseVkey(ENOCH_VKEY)
const seed = fromBase64(PETER_SECRET).slice(1)
const open = (note: string | Uint8Array, ...keys: NoteKey[]) =>
  openNote(typeof note === 'string' ? utf8(note) : note, keys, verifyEd25519)

/** Who signed, or what is wrong. */
async function outcome(note: string | Uint8Array, ...keys: NoteKey[]): Promise<string> {
  const opened = await open(note, ...keys)
  return opened.ok ? opened.signed.map(({ key }) => key.name).join(' ') : opened.problem
}

describe('a signed note', () => {
  it('of c2sp.org/signed-note is verified', async () => {
    const opened = await open(C2SP_NOTE, parseVkey(C2SP_VKEY))
    assert.ok(opened.ok)
    assert.equal(opened.note.text, 'This is an example message.\n')
    assert.equal(await outcome(C2SP_NOTE, parseVkey(C2SP_VKEY)), 'example.com/foo')
  })

  it('is signed as Go’s note package signs it', () => {
    const note = signNote(GO_TEXT, [signerFromSeed('PeterNeumann', ED25519, seed)])
    assert.equal(asText(note), `${GO_TEXT}\n${PETER_LINE}`)
  })

  it('by two is verified by the keys that are known (Go’s tests)', async () => {
    const note = `${GO_TEXT}\n${PETER_LINE}${ENOCH_LINE}`
    assert.equal(await outcome(note, peter), 'PeterNeumann')
    assert.equal(await outcome(note, enoch), 'EnochRoot')
    assert.equal(await outcome(note, peter, enoch), 'PeterNeumann EnochRoot')
    assert.equal(await outcome(note), 'unsigned')
  })

  it('is refused for a signature of a known key that fails, wherever it stands', async () => {
    const broken = `${PETER_LINE.slice(0, 60)}ABCD${PETER_LINE.slice(60)}`
    assert.equal(await outcome(`${GO_TEXT}\n${broken}`, peter), 'bad-signature')
    assert.equal(await outcome(`${GO_TEXT}\n${ENOCH_LINE}${broken}`, peter, enoch), 'bad-signature')
    assert.equal(await outcome(`${GO_TEXT}\n${broken}${ENOCH_LINE}`, peter, enoch), 'bad-signature')
    assert.equal(await outcome(`${GO_TEXT}\n${broken}${ENOCH_LINE}`, enoch), 'EnochRoot')
  })

  it('that a key signed twice counts it once, and verifies both', async () => {
    const twice = `${GO_TEXT}\n${PETER_LINE}${ENOCH_LINE}${PETER_LINE}`
    assert.equal(await outcome(twice, peter, enoch), 'PeterNeumann EnochRoot')
    const broken = `${PETER_LINE.slice(0, 60)}ABCD${PETER_LINE.slice(60)}`
    assert.equal(await outcome(`${GO_TEXT}\n${PETER_LINE}${broken}`, peter), 'bad-signature')
  })

  it('passes over keys that share only the name or only the ID', async () => {
    const note = `${GO_TEXT}\n${PETER_LINE}`
    assert.equal(await outcome(note, { ...peter, name: 'PeterNeuman' }), 'unsigned')
    assert.equal(await outcome(note, { ...peter, keyId: 'c74f20a4' }), 'unsigned')
  })

  it('is not verified by a list that names two keys for one name and ID', async () => {
    const twin = { ...enoch, publicKey: peter.publicKey }
    await assert.rejects(open(`${GO_TEXT}\n${ENOCH_LINE}`, enoch, twin), /two known keys/)
    assert.equal(await outcome(`${GO_TEXT}\n${PETER_LINE}`, peter, enoch, twin), 'PeterNeumann')
  })

  it('is split at the last empty line', () => {
    const { text } = parseNote(utf8(`one\n\ntwo\n\n\n${PETER_LINE}`))
    assert.equal(text, 'one\n\ntwo\n\n')
  })

  it('keeps a byte order mark as part of the text', () => {
    assert.equal(parseNote(utf8(`\ufeffone\n\n${PETER_LINE}`)).text, '\ufeffone\n')
  })

  const malformed: Record<string, string | Uint8Array> = {
    'has no signatures': GO_TEXT,
    'has nothing after the empty line': `${GO_TEXT}\n`,
    'is cut off': `${GO_TEXT}\n${PETER_LINE}`.slice(0, -1),
    'holds a control character': `\x01${GO_TEXT}\n${PETER_LINE}`,
    'holds a tab': `\t${GO_TEXT}\n${PETER_LINE}`,
    'has the line ends of another system': `${GO_TEXT}\n${PETER_LINE}`.replaceAll('\n', '\r\n'),
    'is not UTF-8': Buffer.concat([Buffer.of(0xff), utf8(`${GO_TEXT}\n${PETER_LINE}`)]),
    'holds half a character': Buffer.concat([
      Buffer.of(0xed, 0xa0, 0x80),
      utf8(`${GO_TEXT}\n${PETER_LINE}`),
    ]),
    'has a line after its signatures': `${GO_TEXT}\n${PETER_LINE}Unexpected line.\n`,
    'has a name with a space': `${GO_TEXT}\n${PETER_LINE.replace('PeterN', 'Peter N')}`,
    'has a name with a plus': `${GO_TEXT}\n${PETER_LINE.replace('PeterN', 'Peter+N')}`,
    'has a name with a space of another script': `${GO_TEXT}\n${PETER_LINE.replace('rN', 'r\u00a0N')}`,
    'has a hyphen for the dash': `${GO_TEXT}\n${PETER_LINE.replace('—', '-')}`,
    'has two spaces': `${GO_TEXT}\n${PETER_LINE.replace('— ', '—  ')}`,
    'ends a line in a space': `${GO_TEXT}\n${PETER_LINE.replace('\n', ' \n')}`,
    'has a signature without padding': `${GO_TEXT}\n${PETER_LINE.replace('=', '')}`,
    'has a signature with stray bits': `${GO_TEXT}\n${PETER_LINE.replace('AM=', 'AN=')}`,
    'has a signature in another alphabet': `${GO_TEXT}\n${PETER_LINE.replace('/', '_')}`,
    'has a signature of a key ID alone': `${GO_TEXT}\n— PeterNeumann x08gow==\n`,
    'has no empty line': `${GO_TEXT}${PETER_LINE}`,
    'has a hundred and one signatures': `${GO_TEXT}\n${PETER_LINE.repeat(101)}`,
    'is a megabyte and more': `${'a'.repeat(1_000_000)}\n\n${PETER_LINE}`,
    'is empty': '',
  }
  for (const [what, note] of Object.entries(malformed)) {
    it(`that ${what} is refused`, async () => {
      assert.equal(await outcome(note, peter), 'malformed')
    })
  }

  it('takes a hundred signatures', async () => {
    assert.equal(await outcome(`${GO_TEXT}\n${PETER_LINE.repeat(100)}`, peter), 'PeterNeumann')
  })

  it('is refused with any one byte changed', async () => {
    const note = utf8(`${GO_TEXT}\n${PETER_LINE}`)
    for (let at = 0; at < note.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const other = withByte(note, at, note[at]! ^ (1 << bit))
        const found = await outcome(other, peter)
        assert.ok(['malformed', 'bad-signature', 'unsigned'].includes(found), `${at} ${bit}`)
      }
    }
  })

  it('reads back as what it was made from', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/\p{Cc}/gu, '') + '\n')
    const text = fc.array(line, { minLength: 1 }).map((lines) => lines.join(''))
    const signature = fc.record({
      name: fc.constantFrom('a', 'example.com/b', 'журнал'),
      keyId: fc.constantFrom('00000000', 'ffffffff', '0a1b2c3d'),
      signature: fc.uint8Array({ minLength: 1, maxLength: 100 }),
    })
    const signatures = fc.array(signature, { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(text, signatures, (words, list) => {
        const note = parseNote(formatNote({ text: words, signatures: list }))
        assert.equal(note.text, words)
        assert.deepEqual(
          note.signatures.map(({ signature, ...rest }) => ({ ...rest, s: hex(signature) })),
          list.map(({ signature, ...rest }) => ({ ...rest, s: hex(signature) })),
        )
      }),
    )
  })

  it('is not made of what couldn’t be read', () => {
    const signer = signerFromSeed('PeterNeumann', ED25519, seed)
    for (const text of ['', 'abc', 'a\rb\n', 'a\0\n', '\ud800\n', 'a\n\nb']) {
      assert.throws(() => signNote(text, [signer]), MalformedError, JSON.stringify(text))
    }
    assert.throws(() => signNote(GO_TEXT, []), MalformedError)
    const signature = { name: 'a b', keyId: '00000000', signature: new Uint8Array(64) }
    assert.throws(() => formatNote({ text: GO_TEXT, signatures: [signature] }), MalformedError)
  })

  it('’s signatures can stand alone, as a witness answers them', () => {
    const lines = parseSignatureLines(PETER_LINE + ENOCH_LINE)
    assert.equal(lines.map(formatSignatureLine).join(''), PETER_LINE + ENOCH_LINE)
    for (const bad of ['', '\n', PETER_LINE.trim(), `${PETER_LINE}\n`, PETER_LINE.repeat(101)]) {
      assert.throws(() => parseSignatureLines(bad), MalformedError, bad.slice(0, 200))
    }
  })

  it('takes further signatures, and a newer one in place of the older', () => {
    const note = parseNote(utf8(`${GO_TEXT}\n${PETER_LINE}`))
    const [enochs] = parseNote(utf8(`${GO_TEXT}\n${ENOCH_LINE}`)).signatures
    const both = addSignatures(note, [enochs!])
    assert.equal(asText(formatNote(both)), `${GO_TEXT}\n${PETER_LINE}${ENOCH_LINE}`)
    const newer = { ...enochs!, signature: new Uint8Array(64) }
    assert.deepEqual(
      addSignatures(both, [newer]).signatures.map(({ name }) => name),
      ['PeterNeumann', 'EnochRoot'],
    )
    assert.equal(addSignatures(both, [newer]).signatures[1], newer)
  })
})

describe('verifyEd25519', () => {
  it('says no, and doesn’t throw, to keys and signatures of any form', () => {
    const key = makeKey('a', ED25519, new Uint8Array(32).fill(255))
    for (const length of [0, 1, 63, 64, 65, 1000]) {
      assert.equal(verifyEd25519(key.publicKey, utf8('x'), new Uint8Array(length)), false)
    }
  })
})
