/** What the log says, one line of text an entry. Hashes are base64: 44 characters, one spelling. */
export type LogEntry = SignEntry | WithdrawEntry | VoidEntry | RecipientsEntry | TextEntry

/** A confirmed signature. The commitment says nothing of the signer to whoever lacks its secret. */
export interface SignEntry {
  kind: 'sign'
  slug: string
  /** `YYYY-MM-DDTHHZ`: the hour, for the minute would tell who signed. */
  hour: string
  commitment: string
}

/** The signer of entry `index` left. */
export interface WithdrawEntry {
  kind: 'withdraw'
  slug: string
  index: number
}

/** The organisers took the signature of entry `index` out. */
export interface VoidEntry {
  kind: 'void'
  slug: string
  index: number
  reason: VoidReason
}

/** To whose keys signers' data is sealed from here on. */
export interface RecipientsEntry {
  kind: 'recipients'
  slug: string
  /** SHA-256 of the sorted recipients, one a line. */
  hash: string
}

/** The text that people sign from here on. */
export interface TextEntry {
  kind: 'text'
  slug: string
  language: string
  version: number
  /** SHA-256 of the text. */
  hash: string
}

export const VOID_REASONS = ['duplicate', 'bot', 'test', 'ineligible', 'request'] as const
export type VoidReason = (typeof VOID_REASONS)[number]

/** An entry that this release can't read, and must not pass over: what it says might change a count. */
export interface InvalidEntry {
  kind: 'invalid'
  problem: 'not-text' | 'unknown-kind' | 'malformed'
}
