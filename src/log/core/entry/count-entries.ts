import type { InvalidEntry, LogEntry } from './entry.ts'

/**
 * The count of every petition, entry by entry: its sign entries less the distinct indexes that a
 * withdraw or void of the same petition names after them. Holds two bytes and a bit an entry (four
 * bytes beyond 65,535 petitions), and room to grow: 36 MB for ten million.
 */
export interface EntryCounter {
  /** Entries seen: the index of the next. */
  size: number
  petitions: Map<string, Petition>
  /** By index: the number of the petition that the entry signs, or 0. */
  signs: Uint16Array | Uint32Array
  /** By index, a bit: whether the signature was taken out. */
  takenOut: Uint8Array
}

interface Petition {
  /** From 1. */
  number: number
  count: number
  /** Confirmed signatures that the organisers say they turned away before they counted. */
  turnedAway: number
  /** Signatures on paper, by the organisers' own word: never in the count. */
  paper: number
  /** Signatures from elsewhere, by the organisers' own word at the last entry: never in the count. */
  imported: number
}

/** The effect of an entry on the counts. The last three have none. */
export type Effect =
  | 'counted'
  | 'taken-out'
  | 'noted'
  | 'already-taken-out'
  | 'no-such-signature'
  | 'invalid'

const FIRST_CAPACITY = 1024
const MAX_UINT16 = 0xffff

export function createCounter(): EntryCounter {
  return {
    size: 0,
    petitions: new Map(),
    signs: new Uint16Array(FIRST_CAPACITY),
    takenOut: new Uint8Array(FIRST_CAPACITY / 8),
  }
}

/** Counts the entry at index `counter.size`. */
export function countEntry(counter: EntryCounter, entry: LogEntry | InvalidEntry): Effect {
  const index = counter.size
  counter.size++
  switch (entry.kind) {
    case 'sign':
      return countSign(counter, index, entry.slug)
    case 'withdraw':
    case 'void':
      return takeOut(counter, entry.slug, entry.index)
    case 'turned-away':
      findPetition(counter, entry.slug).turnedAway += entry.number
      return 'noted'
    case 'paper':
      findPetition(counter, entry.slug).paper += entry.number
      return 'noted'
    case 'imported':
      findPetition(counter, entry.slug).imported = entry.number
      return 'noted'
    case 'invalid':
      return 'invalid'
    default:
      return 'noted'
  }
}

export function countOf(counter: EntryCounter, slug: string): number {
  return counter.petitions.get(slug)?.count ?? 0
}

/** The counted sign entries of a petition, ascending: an audit draws from them. */
export function listCounted(counter: EntryCounter, slug: string): number[] {
  const petition = counter.petitions.get(slug)
  const indexes: number[] = []
  for (let index = 0; petition && index < counter.size; index++) {
    if (counter.signs[index] === petition.number && !isTakenOut(counter, index)) indexes.push(index)
  }
  return indexes
}

function countSign(counter: EntryCounter, index: number, slug: string): Effect {
  const petition = findPetition(counter, slug)
  makeRoom(counter, index, petition.number)
  counter.signs[index] = petition.number
  petition.count++
  return 'counted'
}

function findPetition(counter: EntryCounter, slug: string): Petition {
  const known = counter.petitions.get(slug)
  if (known) return known
  const none = { count: 0, turnedAway: 0, paper: 0, imported: 0 }
  const petition = { number: counter.petitions.size + 1, ...none }
  counter.petitions.set(slug, petition)
  return petition
}

function takeOut(counter: EntryCounter, slug: string, index: number): Effect {
  const petition = counter.petitions.get(slug)
  if (!petition || counter.signs[index] !== petition.number) return 'no-such-signature'
  if (isTakenOut(counter, index)) return 'already-taken-out'
  counter.takenOut[index >> 3]! |= 1 << (index & 7)
  petition.count--
  return 'taken-out'
}

function isTakenOut({ takenOut }: EntryCounter, index: number): boolean {
  return (takenOut[index >> 3]! & (1 << (index & 7))) !== 0
}

function makeRoom(counter: EntryCounter, index: number, number: number): void {
  const { signs, takenOut } = counter
  const isWide = signs instanceof Uint32Array || number > MAX_UINT16
  let capacity = signs.length
  while (capacity <= index) capacity *= 2
  if (capacity === signs.length && isWide === signs instanceof Uint32Array) return
  counter.signs = isWide ? new Uint32Array(capacity) : new Uint16Array(capacity)
  counter.signs.set(signs)
  counter.takenOut = new Uint8Array(capacity / 8)
  counter.takenOut.set(takenOut)
}
