import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MalformedError } from '../../../src/log/core/canonical.ts'
import {
  formatSignerKey,
  parseSignerKey,
  signerFromSeed,
} from '../../../src/log/core/note/node-ed25519.ts'
import { formatSignatureLine } from '../../../src/log/core/note/note.ts'
import { COSIGNATURE_V1, formatVkey } from '../../../src/log/core/note/note-key.ts'
import { cosign } from '../../../src/log/core/note/sign-note.ts'
import {
  formatAddCheckpoint,
  formatSizeAnswer,
  parseAddCheckpoint,
  parseCosignatures,
  parseSizeAnswer,
} from '../../../src/log/core/note/witness-messages.ts'
import { parseWitnesses, WitnessListError } from '../../../src/log/witnesses/parse-witnesses.ts'
import { createAddCheckpoint } from '../../../src/offline/witness/add-checkpoint.ts'
import { openWitness } from '../../../src/offline/witness/open-witness.ts'
import {
  formatWitnessState,
  parseWitnessState,
} from '../../../src/offline/witness/witness-state.ts'
import { systemClock } from '../../../src/platform/clock.ts'
import { asText, utf8 } from '../../log/core/support/bytes.ts'
import { makeInputs } from '../../log/core/support/make-inputs.ts'
import { logSigner, witness } from '../../log/core/support/memory-log.ts'
import { growLog, makeLines } from './support/growing-log.ts'
import { logVkey, makeWitnessFolder, NAME } from './support/witness-folder.ts'

const INPUTS = 100_000
const BODIES = 20_000
/** Far above what any input takes; one that makes a parser dwell takes far more. */
const SLOWEST_MS = 2000
/** Where a million refusals came from interests nobody, and costs more than the parsing. */
Error.stackTraceLimit = 0

const log = growLog(makeLines(600))
const requests = await Promise.all(
  [
    [0, 1],
    [1, 2],
    [300, 601 - 1],
    [511, 512],
    [512, 600],
  ].map(async ([old, size]) =>
    formatAddCheckpoint({
      old: old!,
      proof: await log.prove(old!, size!),
      checkpoint: log.checkpoint(size!),
    }),
  ),
)
const line = formatSignatureLine(cosign(log.text(600), witness, 1_731_320_000))
const seed = new Uint8Array(32).fill(3)
const signer = signerFromSeed(NAME, COSIGNATURE_V1, seed)
const state = formatWitnessState({
  witness: formatVkey(signer.key),
  logs: [
    { origin: logSigner.key.name, keys: [logVkey], checkpoint: asText(log.checkpoint(9)) },
    { origin: 'other.example', keys: [], checkpoint: null },
  ],
})

/** Reads an input and, should it be accepted, writes it again: there is one spelling of anything. */
const parsers: Record<string, [seeds: Uint8Array[], again: (input: Uint8Array) => Uint8Array]> = {
  parseAddCheckpoint: [requests, (bytes) => formatAddCheckpoint(parseAddCheckpoint(bytes))],
  parseCosignatures: [
    [utf8(line), utf8(line + line), utf8(line.repeat(9))],
    (bytes) => utf8(parseCosignatures(bytes).map(formatSignatureLine).join('')),
  ],
  parseSizeAnswer: [
    [utf8('0\n'), utf8('20852163\n'), utf8('9007199254740991\n')],
    (bytes) => utf8(formatSizeAnswer(parseSizeAnswer(bytes))),
  ],
  parseWitnessState: [[state], (bytes) => formatWitnessState(parseWitnessState(bytes))],
  parseSignerKey: [
    [utf8(formatSignerKey(signer, seed))],
    (bytes) => {
      parseSignerKey(Buffer.from(bytes).toString('latin1'))
      return bytes
    },
  ],
}

describe(`given ${INPUTS} inputs that are nearly right, or not at all,`, () => {
  for (const [name, [seeds, again]] of Object.entries(parsers)) {
    it(`${name} takes them in their one spelling or refuses them, at once`, () => {
      let accepted = 0
      for (const input of makeInputs(seeds, INPUTS)) {
        const written = timed(input, () => unless(MalformedError, () => again(input)))
        if (!written) continue
        assert.ok(Buffer.from(input).equals(written), show(input))
        accepted++
      }
      assert.ok(accepted > 0, 'some are right')
    })
  }

  it('parseWitnesses reads them or says what is wrong, in one short line', () => {
    const entry = `${formatVkey(witness.key)} https://witness.example/`
    const seeds = [entry, `${entry},\n${formatVkey(signer.key)} http://[::1]:8100/w`].map(utf8)
    for (const input of makeInputs(seeds, INPUTS)) {
      const text = Buffer.from(input).toString()
      const found = timed(input, () => unless(WitnessListError, () => parseWitnesses(text)))
      for (const { key, url } of found ?? []) {
        assert.equal(key.type, COSIGNATURE_V1)
        assert.match(url, /^https?:\/\//)
      }
    }
  })
})

it(`a witness answers each of ${BODIES} requests that are nearly right, and signs what is`, async () => {
  const folder = makeWitnessFolder()
  const files = { ...folder, name: NAME, logs: [logSigner.key], newKeysFor: [] }
  const opened = await openWitness(files)
  const watched = new Set([logSigner.key.name])
  const clock = systemClock
  const addCheckpoint = createAddCheckpoint({ ...opened, watched, clock, onSplitView: () => {} })
  const seen = new Set<string>()
  for (const input of makeInputs(requests, BODIES)) seen.add((await addCheckpoint(input)).kind)
  for (const kind of ['cosigned', 'malformed', 'not-signed', 'unknown-log', 'other-size']) {
    assert.ok(seen.has(kind), kind)
  }
})

/** Null when refused. Any other error is a fault of the parser's. */
function unless<T>(refusal: new (...args: never[]) => Error, parse: () => T): T | null {
  try {
    return parse()
  } catch (error) {
    if (error instanceof refusal) return null
    throw error
  }
}

function timed<T>(input: Uint8Array, work: () => T): T {
  const started = performance.now()
  const result = work()
  const took = performance.now() - started
  assert.ok(took < SLOWEST_MS, `${took} ms for ${show(input)}`)
  return result
}

const show = (input: Uint8Array) => JSON.stringify(Buffer.from(input).toString('latin1'))
