import type { ListedRecord } from '../../src/offline/unseal/open-records.worker.ts'
import type { SignerRecord } from '../../src/sealing/record/sealed-record.ts'

/** A record as it would be sealed, with what a test cares for put in. */
export function signerRecord(fields: Partial<SignerRecord>): SignerRecord {
  return {
    version: 1,
    slug: 'free-them',
    id: '1',
    r: Buffer.alloc(32, 7).toString('base64'),
    name: 'Ann Lee',
    email: 'Ann@Example.org',
    normalisedEmail: 'ann@example.org',
    country: 'AZ',
    postcode: 'AZ1000',
    comment: '',
    display: 'hidden',
    language: 'en',
    updates: false,
    consentVersion: 1,
    textVersion: 1,
    signedAt: '2026-01-02T03:04:05.000Z',
    confirmedAt: '2026-01-02T03:05:06.000Z',
    source: null,
    ...fields,
  }
}

/** The same, opened: with the entry that its line names. */
export function listedRecord({ index = null, ...fields }: Partial<ListedRecord>): ListedRecord {
  return { ...signerRecord(fields), index }
}
