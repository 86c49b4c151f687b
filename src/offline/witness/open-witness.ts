import { formatVkey, type NoteKey } from '../../log/core/note/note-key.ts'
import type { NoteSigner } from '../../log/core/note/sign-note.ts'
import { makeOwnKey, readOwnKey } from './own-key.ts'
import { openStateFile, readState, type StateFile } from './state-file.ts'
import { WitnessError } from './witness-error.ts'
import type { KnownLog, WitnessState } from './witness-state.ts'

export interface WitnessFiles {
  stateFile: string
  keyFile: string
  /** For making the key; null to only use one that is there. */
  name: string | null
  /** The keys of the logs to watch. */
  logs: WatchedLog[]
  /** Origins whose keys may be others than before. */
  newKeysFor: string[]
}

/**
 * Reads key and state, which belong together, or makes both. The caller holds the state's lock.
 *
 * A state without a witness is written first, then the key, then the state with the witness's vkey: a
 * crash in between leaves a state that the next start goes on from. Only then may anything be signed, so a key
 * without a state has lost it, and a state whose key isn't there has lost that.
 *
 * @throws WitnessError
 */
export async function openWitness(
  files: WitnessFiles,
): Promise<{ signer: NoteSigner; file: StateFile }> {
  const { stateFile, keyFile, name } = files
  const known = await readState(stateFile)
  const key = await readOwnKey(keyFile)
  if (!known && key) throw new WitnessError(lostState(stateFile, keyFile))
  if (!key && known?.witness) throw new WitnessError(lostKey(keyFile, known.witness))
  if (key && known?.witness && formatVkey(key.key) !== known.witness) {
    throw new WitnessError(
      `the key ${keyFile} is not that of the state ${stateFile}, which belongs to ${known.witness}: give the two that belong together`,
    )
  }
  if (key && name !== null && key.key.name !== name) {
    throw new WitnessError(
      `the key ${keyFile} is that of ${key.key.name}, not of ${name}: leave --name out, or give another --key and --state`,
    )
  }
  if (!key && name === null) {
    throw new WitnessError(
      `there is no key ${keyFile} yet: add --name <name>, such as witness.example.org, to make one`,
    )
  }
  const begun: WitnessState = known ?? { witness: null, logs: [] }
  const next = { ...begun, logs: admitLogs(begun.logs, files.logs, files.newKeysFor) }
  const file = await openStateFile(stateFile, next)
  const signer = key ?? (await makeOwnKey(keyFile, name!))
  if (next.witness === null) await file.save({ ...next, witness: formatVkey(signer.key) })
  return { signer, file }
}

const lostState = (stateFile: string, keyFile: string) =>
  `the state ${stateFile} is not there, though the key ${keyFile} is: restore the newest copy of it; if there is none, begin anew with another --key, since this one may have signed what nobody remembers`

const lostKey = (keyFile: string, vkey: string) =>
  `the key ${keyFile} is not there, though the state is: restore it from its backup (it is the key of ${vkey}), or begin anew with another --key and --state`

/** A log's key, and its origin where that isn't the key's name (c2sp.org/tlog-checkpoint). */
export interface WatchedLog extends NoteKey {
  origin?: string
}

export const originOf = ({ origin, name }: WatchedLog): string => origin ?? name

/**
 * The logs that are known once these are watched. A log that isn't watched any more stays known, so that
 * it can't begin anew later. A new key of a known log is taken only with --new-key-for: an edited start script
 * alone must not change whose signatures the witness believes.
 *
 * @throws WitnessError
 */
function admitLogs(known: KnownLog[], watched: WatchedLog[], newKeysFor: string[]): KnownLog[] {
  const given = new Map(
    watched
      .map(originOf)
      .map((origin) => [origin, watched.filter((log) => originOf(log) === origin)]),
  )
  for (const origin of newKeysFor) {
    if (given.has(origin)) continue
    throw new WitnessError(`--new-key-for ${origin} goes with a --log of that origin: give its key`)
  }
  const admitted = new Map(known.map((log) => [log.origin, log]))
  for (const [origin, keys] of given) {
    const vkeys = [...new Set(keys.map(formatVkey))]
    const before = admitted.get(origin)
    const added = before ? vkeys.filter((vkey) => !before.keys.includes(vkey)) : []
    if (added.length > 0 && !newKeysFor.includes(origin)) {
      throw new WitnessError(
        `--log ${added[0]} is a new key of a log known by ${before!.keys.join(', ')}: if the log's operators announced it, start once with --new-key-for ${origin}`,
      )
    }
    admitted.set(origin, { origin, keys: vkeys, checkpoint: before?.checkpoint ?? null })
  }
  return [...admitted.values()]
}
