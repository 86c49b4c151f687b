import type { Generated } from 'kysely'

export interface PublicNameTable {
  signature_id: string
  petition_id: number
  name: string
  country: string
  confirmed_at: Date
}

export type CommentState = 'waiting' | 'approved' | 'refused'

export interface CommentTable {
  signature_id: string
  petition_id: number
  state: Generated<CommentState>
  /** Encrypted under the server's key. */
  text: Buffer
  country: string
  confirmed_at: Date
  decided_at: Generated<Date | null>
}
