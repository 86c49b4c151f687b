import type { Generated } from 'kysely'

/** Only what is approved is shown. */
export type ModerationState = 'waiting' | 'approved' | 'refused'

export interface PublicNameTable {
  signature_id: string
  petition_id: number
  state: Generated<ModerationState>
  /** Null where a signer took off a name that organisers had hidden or had yet to read: the next one waits. */
  name: string | null
  country: string
  confirmed_at: Date
  decided_at: Generated<Date | null>
}

export interface CommentTable {
  signature_id: string
  petition_id: number
  state: Generated<ModerationState>
  /** Encrypted under the server's key. */
  text: Buffer
  country: string
  confirmed_at: Date
  decided_at: Generated<Date | null>
}
