import type { Db } from '../database.ts'
import { readKeptTags } from '../log/mailbox-tags.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { beginningOf } from '../platform/link-token.ts'
import { BEFORE_EVERY_ID } from '../platform/random-id.ts'
import { commit } from '../sealing/record/commitment.ts'
import { recordId } from '../sealing/record/sealed-record.ts'
import { decryptDetails } from '../sealing/signer-details.ts'
import { confirmSignatures } from '../signature/confirm-signatures.ts'
import { setLostTags } from '../signature/store/signatures.ts'
import { voidAgain } from '../signature/void-signatures.ts'
import { withdrawSignature } from '../signature/withdraw-signature.ts'
import { type FoundEntry, findByCommitment, listReversed } from './public-entry.queries.ts'
import {
  insertIndex,
  type LostSignature,
  listUnsealed,
  type UnsealedSubmission,
} from './rebuild.queries.ts'

/** Changes of signatures that the log knows and the restored database doesn't are made again. */

const PAGE = 1000

export interface Repeated {
  confirmedAgain: number
  withdrawnAgain: number
  voidedAgain: number
}

/** A backup must not undo an erasure, nor bring back signatures that organisers voided. */
export async function reverseAgain(
  trx: Db,
  needs: { clock: Clock; keyring: Keyring },
  petitions: Petition[],
  repeated: Repeated,
): Promise<void> {
  const reversed = await listReversed(trx)
  for (const petition of petitions) {
    const own = reversed.filter(({ petitionId }) => petitionId === petition.id)
    const withdrawn = own.filter(({ why }) => why === 'withdraw')
    for (const { signatureId } of withdrawn) {
      await withdrawSignature(trx, needs, petition, signatureId)
    }
    const voided = own.filter(({ why }) => why !== 'withdraw')
    const ids = voided.map(({ signatureId }) => signatureId)
    repeated.withdrawnAgain += withdrawn.length
    repeated.voidedAgain += await voidAgain(trx, needs, petition, ids)
  }
}

/**
 * Finds the entries of submissions that were not sealed yet when the backup was made: the blinding of a
 * commitment is made with the form, so that it is the same whenever it is computed. Those that were
 * confirmed since are confirmed again, at the hour in the log; those that left since leave again.
 */
export async function claimUnsealed(
  trx: Db,
  needs: { keyring: Keyring },
  petitions: Petition[],
  repeated: Repeated,
): Promise<void> {
  for (let after = BEFORE_EVERY_ID; ; ) {
    const page = await listUnsealed(trx, { after, limit: PAGE })
    for (const submission of page) {
      const found = await findByCommitment(trx, submission.slug, commitmentOf(needs, submission))
      if (found) await claim(trx, needs, { petitions, submission, found, repeated })
    }
    if (page.length < PAGE) return
    after = page.at(-1)!.id
  }
}

interface Claim {
  petitions: Petition[]
  submission: UnsealedSubmission
  found: FoundEntry
  repeated: Repeated
}

async function claim(
  trx: Db,
  { keyring }: { keyring: Keyring },
  { petitions, submission, found, repeated }: Claim,
): Promise<void> {
  const clock = { now: () => new Date(found.hour.replace('Z', ':00Z')) }
  const petition = petitions.find(({ id }) => id === submission.petitionId)!
  if (!submission.confirmed) {
    const link = { id: submission.id, address: beginningOf(submission.address) }
    const [result] = await confirmSignatures(trx, { clock, keyring }, petitions, [link])
    // The petition was archived since: nothing may be confirmed any more, and the entry stays a lost one.
    if (result?.outcome !== 'confirmed') return
    repeated.confirmedAgain++
  }
  if (found.why === 'withdraw') {
    await withdrawSignature(trx, { clock, keyring }, petition, submission.id)
    repeated.withdrawnAgain++
    return
  }
  await insertIndex(trx, submission.id, found.index)
  if (!found.why) return
  repeated.voidedAgain += await voidAgain(trx, { keyring }, petition, [submission.id])
}

function commitmentOf(
  { keyring }: { keyring: Keyring },
  { slug, id, textVersion, details }: UnsealedSubmission,
): Uint8Array {
  const { r, normalisedEmail, name } = decryptDetails(keyring, details)
  const fields = { slug, id: recordId(id), normalisedEmail, name, textVersion }
  return Buffer.from(commit(Buffer.from(r, 'base64'), fields))
}

/**
 * Gives lost signatures the mailbox tags that a node has kept. A mailbox that has signed again counts
 * once, by its later signature: the lost one is withdrawn.
 *
 * @param tagFiles as `keepTags` writes them; they need not exist
 */
export async function recogniseLost(
  trx: Db,
  needs: { clock: Clock; keyring: Keyring },
  {
    petitions,
    lost,
    tagFiles,
  }: { petitions: Petition[]; lost: LostSignature[]; tagFiles: string[] },
): Promise<void> {
  const indexes = lost.map(({ index }) => index)
  const known = new Map<number, Buffer>()
  for (const path of tagFiles) {
    for (const [index, tag] of await readKeptTags(path, indexes)) known.set(index, tag)
  }
  const tags = lost.flatMap(({ id, index }) => {
    const tag = known.get(index)
    return tag ? [{ id, tag }] : []
  })
  for (const id of await setLostTags(trx, tags)) {
    const { petitionId } = lost.find((each) => each.id === id)!
    await withdrawSignature(trx, needs, petitions.find((each) => each.id === petitionId)!, id)
  }
}
