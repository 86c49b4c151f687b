import type { Db } from '../../src/database.ts'
import type { Keyring } from '../../src/platform/keyring.ts'
import { newId } from '../../src/platform/random-id.ts'
import { encryptDetails, newBlinding } from '../../src/sealing/signer-details.ts'

const CHUNK = 1000

/**
 * Confirmed signatures that wait to be sealed, written straight into the database.
 *
 * @param from how many were added before: each has a number and an address of its own
 */
export async function addBacklog(
  db: Db,
  keyring: Keyring,
  {
    petitionId,
    count,
    from = 0,
    comment = '',
  }: { petitionId: number; count: number; from?: number; comment?: string },
): Promise<void> {
  const now = new Date('2026-01-02T03:04:05Z')
  const end = from + count
  for (let done = from; done < end; done += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, end - done) }, (_, index) => {
      const email = `signer-${petitionId}-${done + index}@example.org`
      return {
        id: newId(),
        petition_id: petitionId,
        text_version: 1,
        consent_version: 1,
        display: 'hidden' as const,
        updates: false,
        country: 'DE',
        language: 'en',
        source: null,
        ref: null,
        confirmed: true,
        address: Buffer.from(`${petitionId}:${done + index}`),
        created_at: now,
        details: encryptDetails(keyring, {
          name: `Signer Number ${done + index}`,
          email,
          normalisedEmail: email,
          postcode: '10115',
          comment,
          r: newBlinding(),
        }),
      }
    })
    await db.insertInto('submission').values(rows).execute()
    await db
      .insertInto('signature')
      .values(
        rows.map(({ id, petition_id, text_version, country, language, source, ref, address }) => ({
          id,
          petition_id,
          text_version,
          country,
          language,
          source,
          ref,
          address,
          tag: address,
          confirmed_at: now,
        })),
      )
      .execute()
    await db
      .insertInto('sealing_queue')
      .values(rows.map(({ id }) => ({ signature_id: id })))
      .execute()
  }
}
