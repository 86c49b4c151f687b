export interface PartnerLinkTable {
  code: string
  petition_id: number
  name: string
  created_at: Date
}

/** See clicks.ts. */
export interface ShareClickTable {
  /** HMAC of the share code. */
  link: Buffer
  /** As `2030-03-01`, in UTC. */
  day: string
  clicks: number
}
