import { formatVkey, type NoteKey } from '../../log/core/note/note-key.ts'
import { WitnessError } from './witness-error.ts'
import type { KnownLog } from './witness-state.ts'

/** A log's key, and its origin where that isn't the key's name (c2sp.org/tlog-checkpoint). */
export interface WatchedLog extends NoteKey {
  origin?: string
}

export const originOf = ({ origin, name }: WatchedLog): string => origin ?? name

/**
 * The logs that are known once these are watched. A log that isn't watched any more stays known, so that
 * it can't begin anew later. A key that a known log didn't have is taken only when that was said: whoever
 * has changed a start script must not thereby have changed whom the witness believes.
 *
 * @throws WitnessError
 */
export function admitLogs(
  known: KnownLog[],
  watched: WatchedLog[],
  newKeysFor: string[],
): KnownLog[] {
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
