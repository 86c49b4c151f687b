/** The mails that went to an address of late; see src/defence/cap-mails.ts. */
export interface MailCountTable {
  /** Keyed hash. */
  recipient: Buffer
  /** The newest last. */
  sent: Date[]
  last_sent: Date
}

/** The mails that are being sent; see src/defence/lease-mails.ts. */
export interface MailLeaseTable {
  /** Of a submission, a subscriber, or a request for a link to withdraw. */
  id: string
  renewed_at: Date
}

export interface SpentProofTable {
  id: Buffer
  expires_at: Date
}

export interface FlowTable {
  key: Buffer
  level: number
  drain: number
  at: Date
}

export interface FlowDayTable {
  day: string
  salt: Buffer
}
