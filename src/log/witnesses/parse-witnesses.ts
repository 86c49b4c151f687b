import { attempt, MalformedError } from '../core/canonical.ts'
import {
  COSIGNATURE_V1,
  type NoteKey,
  parseVkey,
  UnknownKeyTypeError,
} from '../core/note/note-key.ts'

/** One that the log asks for cosignatures. */
export interface Witness {
  /** Of type COSIGNATURE_V1. */
  key: NoteKey
  /** The submission prefix of c2sp.org/tlog-witness: `add-checkpoint` is below it. */
  url: string
}

/** The list of witnesses can't be read: the message names the entry and its fault. */
export class WitnessListError extends Error {}

/**
 * `<vkey> <url>`, separated by commas or newlines, as `undersigned witness` prints them.
 *
 * @param onUnknown is called with the reason why a witness is passed over: its key is of a type that is newer
 *   than this program; so a list may be made for several versions
 * @throws WitnessListError
 */
export function parseWitnesses(
  text: string,
  onUnknown: (why: string) => void = () => {},
): Witness[] {
  const entries = text.split(/[,\n]/).map((entry) => entry.trim())
  const witnesses = entries
    .filter((entry) => entry !== '')
    .flatMap((entry) => parseEntry(entry, onUnknown) ?? [])
  const keys = witnesses.map(({ key }) => `${key.name}+${key.keyId}`)
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice) throw new WitnessListError(`the witness ${twice} is there twice: name it once`)
  return witnesses
}

function parseEntry(entry: string, onUnknown: (why: string) => void): Witness | null {
  const [vkey, url, ...more] = entry.split(/\s+/)
  const fail = (why: string) => new WitnessListError(`the witness "${entry.slice(0, 200)}" ${why}`)
  if (!vkey || !url || more.length > 0) {
    throw fail('is not "<vkey> <url>", a verifier key and an address with a space between')
  }
  const key = attempt(() => parseVkey(vkey))
  if (key instanceof UnknownKeyTypeError) {
    onUnknown(key.message)
    return null
  }
  if (key instanceof MalformedError) throw fail(`has no valid key: ${key.message}`)
  if (key.type !== COSIGNATURE_V1) {
    throw fail("has a log's key: a witness's is of type 4, its part after the last + begins with B")
  }
  const address = URL.canParse(url) ? new URL(url) : null
  if (address?.protocol !== 'https:' && address?.protocol !== 'http:') {
    throw fail('has no valid address: it begins with https:// (or http://)')
  }
  if (address.username || address.password || address.search || address.hash) {
    // Not repeated: a password would stand in the log of the start.
    throw new WitnessListError(
      `the address of the witness ${key.name} has a user, a password, a question mark or a #: leave that out`,
    )
  }
  return { key, url: address.href }
}
