export interface SealedRecordTable {
  petition_id: number
  signature_id: string
  /** SHA-256; see src/sealing/record/commitment.ts. */
  commitment: Buffer
  /** An age file; see src/sealing/record/sealed-record.ts. */
  sealed: Buffer
}

/** Confirmed signatures that are still to be sealed. */
export interface SealingQueueTable {
  signature_id: string
}
