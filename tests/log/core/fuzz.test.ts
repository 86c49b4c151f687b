import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  decodeUtf8,
  encodeUtf8,
  formatDecimal,
  MalformedError,
  parseBase64,
  parseDecimal,
} from '../../../src/log/core/canonical.ts'
import { formatBundle, parseBundle } from '../../../src/log/core/entry/entry-bundle.ts'
import { formatEntry, parseEntry } from '../../../src/log/core/entry/entry-line.ts'
import {
  formatCheckpoint,
  parseCheckpoint,
  withoutExtensions,
} from '../../../src/log/core/note/checkpoint.ts'
import { formatCosignature, parseCosignature } from '../../../src/log/core/note/cosignature.ts'
import { formatNote, parseNote } from '../../../src/log/core/note/note.ts'
import { formatVkey, parseVkey } from '../../../src/log/core/note/note-key.ts'
import { formatOpening, parseOpening } from '../../../src/log/core/opening.ts'
import { formatTlogProof, parseTlogProof } from '../../../src/log/core/tlog-proof.ts'
import { bundlePath, parsePath, tilePath } from '../../../src/log/core/tree/tile-path.ts'
import { verifyReceipt } from '../../../src/log/core/verify-receipt.ts'
import { encodeBase64 } from '../../../src/platform/bytes.ts'
import { utf8 } from './support/bytes.ts'
import { makeInputs } from './support/make-inputs.ts'
import { buildLog, makeEntries, trust } from './support/memory-log.ts'
import { sha256 } from './support/naive-tree.ts'
import {
  ARCHE_CHECKPOINT,
  C2SP_NOTE,
  C2SP_VKEY,
  PLUS_VKEY,
  WITNESS_VKEYS,
} from './vectors/notes.ts'

const INPUTS = 100_000
/** Far above what any input takes; one that makes a parser dwell takes far more. */
const SLOWEST_MS = 2000
/** Where a million refusals came from interests nobody, and costs more than the parsing. */
Error.stackTraceLimit = 0

const entries = makeEntries(60)
const log = buildLog(entries)
const receipt = formatTlogProof({
  extra: entries[9]!,
  index: 9,
  hashes: [sha256(utf8('a')), sha256(utf8('b')), sha256(utf8('c'))],
  checkpoint: log.checkpoint,
})
const opening = formatOpening({
  secret: sha256(utf8('r')),
  fields: {
    slug: 'a',
    id: '1',
    normalisedEmail: 'leyla@example.org',
    name: 'Ləyla "L"',
    textVersion: 1,
  },
})

/** Reads an input and, should it be accepted, writes it again: there is one spelling of anything. */
interface Parser {
  seeds: (string | Uint8Array)[]
  again(input: Uint8Array): Uint8Array | null
}

const WIDTH = 12
const parsers: Record<string, Parser> = {
  parseNote: {
    seeds: [C2SP_NOTE, ARCHE_CHECKPOINT],
    again: (bytes) => formatNote(parseNote(bytes)),
  },
  parseVkey: ofText([C2SP_VKEY, PLUS_VKEY, ...WITNESS_VKEYS], (text) =>
    formatVkey(parseVkey(text)),
  ),
  parseCheckpoint: ofText([log.checkpointText, `a\n0\n${'A'.repeat(43)}=\nmore\n`], (text) => {
    const extensions = text.slice(withoutExtensions(text).length)
    return formatCheckpoint(parseCheckpoint(text)) + extensions
  }),
  parseCosignature: {
    seeds: [new Uint8Array(72), new Uint8Array(72).fill(255)],
    again: (bytes) => formatCosignature(parseCosignature(bytes)),
  },
  parsePath: ofText(['tile/0/x001/x234/067.p/8', 'tile/entries/000', 'tile/63/999'], (text) => {
    const path = parsePath(text)
    return path.kind === 'tile' ? tilePath(path) : bundlePath(path)
  }),
  parseEntry: {
    seeds: entries.slice(0, 30),
    again(bytes) {
      const entry = parseEntry(bytes)
      return entry.kind === 'invalid' ? null : formatEntry(entry)
    },
  },
  parseBundle: {
    seeds: [formatBundle(entries.slice(0, WIDTH)), new Uint8Array(2 * WIDTH)],
    again: (bytes) => formatBundle(parseBundle(bytes, WIDTH)),
  },
  parseTlogProof: { seeds: [receipt], again: (bytes) => formatTlogProof(parseTlogProof(bytes)) },
  parseOpening: { seeds: [opening], again: (bytes) => formatOpening(parseOpening(bytes)) },
  decodeText: { seeds: ['Ləyla 🌹 \ufeff'], again: (bytes) => encodeUtf8(decodeUtf8(bytes)) },
  decodeBase64: ofText(['', 'AA==', 'AAA=', 'AAAA', `${'A'.repeat(43)}=`], (text) =>
    encodeBase64(parseBase64(text)),
  ),
  parseDecimal: ofText(['0', '1', '9007199254740991', '123456'], (text) =>
    formatDecimal(parseDecimal(text)),
  ),
}

describe(`given ${INPUTS} inputs that are nearly right, or not at all,`, () => {
  for (const [name, { seeds, again }] of Object.entries(parsers)) {
    it(`${name} takes them in their one spelling or refuses them, at once`, () => {
      let accepted = 0
      for (const input of makeInputs(seeds, INPUTS)) {
        const started = performance.now()
        const written = attemptTo(() => again(input))
        const took = performance.now() - started
        assert.ok(took < SLOWEST_MS, `${took} ms for ${show(input)}`)
        if (!written) continue
        assert.ok(Buffer.from(input).equals(written), show(input))
        accepted++
      }
      assert.ok(accepted > 0, 'some are right')
    })
  }

  it('verifyReceipt answers each of a few thousand with a name', async () => {
    for (const input of makeInputs([receipt], 4000)) {
      const verified = await verifyReceipt(input, trust, opening)
      if (!verified.ok) assert.match(verified.problem, /^[a-z-]+$/)
    }
  })
})

function ofText(seeds: string[], again: (text: string) => string): Parser {
  const latin1 = 'latin1'
  return {
    seeds,
    again: (bytes) => Buffer.from(again(Buffer.from(bytes).toString(latin1)), latin1),
  }
}

/** Null when refused. Anything but a MalformedError is a fault of the parser's. */
function attemptTo<T>(parse: () => T): T | null {
  try {
    return parse()
  } catch (error) {
    if (error instanceof MalformedError) return null
    throw error
  }
}

const show = (input: Uint8Array) => JSON.stringify(Buffer.from(input).toString('latin1'))
