import type { Generated } from 'kysely'

/** A signer who wants updates by mail. Weaker than a sealed record: the server can read the address. */
export interface SubscriberTable {
  id: string
  petition_id: number
  language: string
  consent_version: number
  /** Keyed hash, another than the signature's: the tables can't be joined by it without the keys. */
  tag: Buffer
  /** The address as typed, encrypted under the server's key. */
  address: Buffer
  /** True once the first mail, which tells how to leave, was sent. */
  welcomed: Generated<boolean>
}
