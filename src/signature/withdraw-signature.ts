import type { Db } from '../database.ts'
import { eraseImported } from '../imported/erase-imported.ts'
import { enqueueWithdrawal } from '../log/enqueue-entry.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { unsubscribeSigner } from '../subscriber/subscribe.ts'
import { findSignature } from './reads.ts'
import { countedBy } from './signature.ts'
import { enqueueCount } from './store/outbox.ts'
import { eraseSignature } from './store/signatures.ts'
import { endQuarantine } from './void-signatures.ts'

/**
 * Withdraws in the caller's transaction and erases the signer's data. Safe to repeat. A voided
 * signature is erased too, but it no longer counted, so nothing is subtracted.
 *
 * @param petition the signature's
 * @param id the signature's id, from a verified token
 */
export async function withdrawSignature(
  trx: Db,
  { clock, keyring }: { clock: Clock; keyring: Keyring },
  petition: Petition,
  id: string,
): Promise<void> {
  const signature = await findSignature(trx, id, { lock: true })
  if (!signature || signature.withdrawn_at) return
  const counted = signature.state === 'confirmed'
  await endQuarantine(trx, [signature])
  if (counted) await enqueueCount(trx, [signature], 'withdrawn')
  await enqueueWithdrawal(trx, {
    id,
    petitionId: petition.id,
    slug: petition.slug,
    counted: counted ? countedBy(signature) : null,
  })
  await eraseImported(trx, keyring, petition.id, signature.tag)
  await unsubscribeSigner(trx, keyring, petition, signature.tag)
  await eraseSignature(trx, signature, clock.now())
}
