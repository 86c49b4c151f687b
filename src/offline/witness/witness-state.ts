import { attempt, decodeUtf8, encodeUtf8, MalformedError } from '../../log/core/canonical.ts'
import { type Checkpoint, parseCheckpoint } from '../../log/core/note/checkpoint.ts'
import { parseNote } from '../../log/core/note/note.ts'
import { parseVkey } from '../../log/core/note/note-key.ts'
import { EMPTY_ROOT } from '../../log/core/tree/hash-tree.ts'
import { toHex } from '../../platform/bytes.ts'
import { sha256 } from '../../platform/sha256.ts'

/** All that a witness must never forget. */
export interface WitnessState {
  /** Its own verifier key. Null until its key file is written: nothing was signed before. */
  witness: string | null
  logs: KnownLog[]
}

export interface KnownLog {
  origin: string
  /** Verifier keys whose signatures are the log's. */
  keys: string[]
  /** The signed note of the checkpoint that was cosigned last; null before the first. */
  checkpoint: string | null
}

const FORMAT = 'undersigned-witness-state/1'
const SUM_LINE = /^sha256 [0-9a-f]{64}\n$/

/** The checkpoint that was cosigned last; the empty log before the first (c2sp.org/tlog-witness). */
export function latestOf({ origin, checkpoint }: KnownLog): Checkpoint {
  if (checkpoint === null) return { origin, size: 0, root: EMPTY_ROOT }
  return parseCheckpoint(parseNote(encodeUtf8(checkpoint)).text)
}

/** JSON, and a line with its SHA-256: a disk error may leave valid JSON. */
export function formatWitnessState({ witness, logs }: WitnessState): Uint8Array {
  const ordered = logs.map(({ origin, keys, checkpoint }) => ({ origin, keys, checkpoint }))
  const json = `${JSON.stringify({ format: FORMAT, witness, logs: ordered }, null, 2)}\n`
  return encodeUtf8(json + sumLine(json))
}

/** @throws MalformedError for anything that formatWitnessState wouldn't write. */
export function parseWitnessState(bytes: Uint8Array): WitnessState {
  const text = decodeUtf8(bytes)
  const json = text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)
  const sum = text.slice(json.length)
  if (!SUM_LINE.test(sum)) throw new MalformedError('state', 'cut off')
  if (sum !== sumLine(json)) throw new MalformedError('state', 'changed since it was written')
  const { format, ...state } = JSON.parse(json) as WitnessState & { format: unknown }
  if (format !== FORMAT) throw new MalformedError('state', `no ${FORMAT}`)
  checkState(state)
  return state
}

/** The sum is right, so this program wrote it, but perhaps another version with other rules. */
function checkState({ witness, logs }: WitnessState): void {
  if (witness !== null) parseVkey(witness)
  for (const log of logs) {
    for (const vkey of log.keys) parseVkey(vkey)
    const latest = attempt(() => latestOf(log))
    if (latest instanceof MalformedError || latest.origin !== log.origin) {
      throw new MalformedError('state', `what it says of ${log.origin} contradicts itself`)
    }
  }
  if (new Set(logs.map(({ origin }) => origin)).size !== logs.length) {
    throw new MalformedError('state', 'one log twice')
  }
}

function sumLine(json: string): string {
  return `sha256 ${toHex(sha256(encodeUtf8(json)))}\n`
}
