export interface PartnerLinkTable {
  code: string
  petition_id: number
  name: string
  created_at: Date
}
