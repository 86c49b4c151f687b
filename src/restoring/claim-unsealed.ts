import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Keyring } from '../platform/keyring.ts'
import { beginningOf } from '../platform/link-token.ts'
import { BEFORE_EVERY_ID } from '../platform/random-id.ts'
import { commit } from '../sealing/record/commitment.ts'
import { recordId } from '../sealing/record/sealed-record.ts'
import { decryptDetails } from '../sealing/signer-details.ts'
import { confirmSignatures } from '../signature/confirm-signatures.ts'
import { voidAgain } from '../signature/void-signatures.ts'
import { withdrawSignature } from '../signature/withdraw-signature.ts'
import { type FoundEntry, findByCommitment } from './public-entry.queries.ts'
import { insertPlace, listUnsealed, type UnsealedSubmission } from './rebuild.queries.ts'

const PAGE = 1000

export interface Claimed {
  /** Confirmed after the backup, and confirmed again here. */
  confirmedAgain: number
  /** Confirmed and withdrawn after the backup, and erased again here. */
  withdrawnAgain: number
  /** Struck by the organisers after the backup, and struck again here. */
  voidedAgain: number
}

/**
 * Finds the entries of what was not sealed yet when the backup was made: what blinds a
 * commitment is made with the form, so that it is the same whenever it is computed. Those that were
 * confirmed since are confirmed again, at the hour that the log says; those that left since leave again.
 */
export async function claimUnsealed(
  trx: Db,
  needs: { keyring: Keyring },
  petitions: Petition[],
): Promise<Claimed> {
  const claimed: Claimed = { confirmedAgain: 0, withdrawnAgain: 0, voidedAgain: 0 }
  for (let after = BEFORE_EVERY_ID; ; ) {
    const page = await listUnsealed(trx, { after, limit: PAGE })
    for (const submission of page) {
      const found = await findByCommitment(trx, submission.slug, commitmentOf(needs, submission))
      if (found) await claim(trx, needs, { petitions, submission, found, claimed })
    }
    if (page.length < PAGE) return claimed
    after = page.at(-1)!.id
  }
}

async function claim(
  trx: Db,
  { keyring }: { keyring: Keyring },
  {
    petitions,
    submission,
    found,
    claimed,
  }: {
    petitions: Petition[]
    submission: UnsealedSubmission
    found: FoundEntry
    claimed: Claimed
  },
): Promise<void> {
  const clock = { now: () => new Date(found.hour.replace('Z', ':00Z')) }
  const petition = petitions.find(({ id }) => id === submission.petitionId)!
  if (!submission.confirmed) {
    const link = { id: submission.id, address: beginningOf(submission.address) }
    const [result] = await confirmSignatures(trx, { clock, keyring }, petitions, [link])
    // Archived since: nothing of it may be confirmed any more, and its entry stays a lost one.
    if (result?.outcome !== 'confirmed') return
    claimed.confirmedAgain++
  }
  if (found.why === 'withdraw') {
    await withdrawSignature(trx, { clock, keyring }, petition, submission.id)
    claimed.withdrawnAgain++
  } else {
    await insertPlace(trx, submission.id, found.index)
    if (found.why)
      claimed.voidedAgain += await voidAgain(trx, { keyring }, petition, [submission.id])
  }
}

function commitmentOf(
  { keyring }: { keyring: Keyring },
  { slug, id, textVersion, details }: UnsealedSubmission,
): Uint8Array {
  const { r, normalisedEmail, name } = decryptDetails(keyring, details)
  const fields = { slug, id: recordId(id), normalisedEmail, name, textVersion }
  return Buffer.from(commit(Buffer.from(r, 'base64'), fields))
}
