/** An entry of the log, one line of text. Hashes are base64: 44 characters, one spelling. */
export type LogEntry =
  | SignEntry
  | WithdrawEntry
  | VoidEntry
  | TurnedAwayEntry
  | PaperEntry
  | ImportedEntry
  | RecipientsEntry
  | TextEntry

/** A confirmed signature. Without its secret the commitment says nothing about the signer. */
interface SignEntry {
  kind: 'sign'
  slug: string
  /** `YYYY-MM-DDTHHZ`: the hour, since the minute could identify the signer. */
  hour: string
  commitment: string
}

/** The signer of entry `index` withdrew. */
interface WithdrawEntry {
  kind: 'withdraw'
  slug: string
  index: number
}

/** The organisers voided the signature of entry `index`. */
interface VoidEntry {
  kind: 'void'
  slug: string
  index: number
  reason: VoidReason
}

/** The organisers turned away so many signatures that were confirmed and never counted. */
interface TurnedAwayEntry {
  kind: 'turned-away'
  slug: string
  number: number
  reason: VoidReason
}

/** The organisers say that they hold so many more signatures on paper. Nobody has verified them: they don't count. */
interface PaperEntry {
  kind: 'paper'
  slug: string
  number: number
  /** SHA-256 of the sealed scan of the sheets. */
  hash: string
}

/**
 * The organisers say that from here on they hold so many signatures that were collected elsewhere, in place of the number
 * of the entry before. Nobody has verified them here: they don't count.
 */
interface ImportedEntry {
  kind: 'imported'
  slug: string
  /** 0 where all are gone. */
  number: number
  /** SHA-256 of the sealed records' commitments, sorted by their bytes, one after the other. */
  hash: string
}

/** To whose keys signers' data is sealed from here on. */
interface RecipientsEntry {
  kind: 'recipients'
  slug: string
  /** SHA-256 of the sorted recipients, one a line. */
  hash: string
}

/** The text that people sign from here on. */
interface TextEntry {
  kind: 'text'
  slug: string
  language: string
  version: number
  /** SHA-256 of the text. */
  hash: string
}

export const VOID_REASONS = ['duplicate', 'bot', 'test', 'ineligible', 'request'] as const
export type VoidReason = (typeof VOID_REASONS)[number]

/** An entry that this release can't read, and must not pass over: it might change a count. */
export interface InvalidEntry {
  kind: 'invalid'
  problem: 'not-text' | 'unknown-kind' | 'malformed'
}
