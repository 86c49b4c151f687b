import type { Db } from '../database.ts'
import { type Petition, takesConfirmations } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { decryptDetails, encryptComment } from '../sealing/signer-details.ts'
import { publicName } from '../signature/public-name.ts'
import { type NewSubscription, subscribe } from '../supporter/subscribe.ts'
import {
  type NewConfirmation,
  type ReadSignature,
  readSignatures,
  type SignatureToConfirm,
  writeConfirmations,
} from './confirmation.queries.ts'
import { shownDigest } from './shown-digest.ts'

export interface ConfirmRequest {
  /** The signature's id, from a verified token. */
  id: string
  /** Digest of what the page showed; null from a client that doesn't say. */
  shown: string | null
}

export interface Accepted {
  signature: ReadSignature
  petition: Petition
}

export type ConfirmOutcome =
  | ({ outcome: 'confirmed' } & Accepted)
  | { outcome: 'already confirmed'; petition: Petition }
  | { outcome: 'closed'; petition: Petition }
  /** Not what the page had shown: somebody sent the form again meanwhile. */
  | { outcome: 'changed'; petition: Petition; signature: SignatureToConfirm }
  /** Rejected, withdrawn, or erased after its time. */
  | { outcome: 'gone' }

/** Each time anew, another had changed the row between reading and writing it. */
const ATTEMPTS = 5

/**
 * Confirms each once: of many at the same moment one writes and the others find it done. The row, its
 * public name, its comment, its places in the queues of the tally and of sealing, and the subscriber it
 * may become come together or not at all.
 *
 * Nothing is locked while it is decided: what is written is written only where the row is still the one
 * that was read, and the rest is read again.
 *
 * @param db a transaction, or the pool: then each request's outcome is durable on return
 * @param petitions all of them, read before: reading them inside would wait for a second connection
 *   while this one is held, and a crowd of confirmations would wait for ever
 * @returns outcomes in the order of the requests
 */
export async function confirmSignatures(
  db: Db,
  services: { clock: Clock; keyring: Keyring },
  petitions: Petition[],
  requests: ConfirmRequest[],
): Promise<ConfirmOutcome[]> {
  const outcomes: ConfirmOutcome[] = []
  let open = requests.map((request, place) => ({ ...request, place }))
  for (let attempt = 0; open.length > 0; attempt++) {
    if (attempt === ATTEMPTS) throw new Error('signatures change faster than they are confirmed')
    const read = await readSignatures(db, [...new Set(open.map(({ id }) => id))])
    const signatures = new Map(read.map((signature) => [signature.id, signature]))
    const accepted = new Map<string, Accepted>()
    for (const { id, shown, place } of open) {
      const outcome = accepted.has(id)
        ? alreadyConfirmed(accepted.get(id)!)
        : decide(signatures.get(id), petitions, services.clock, shown)
      if (outcome.outcome === 'confirmed') accepted.set(id, outcome)
      outcomes[place] = outcome
    }
    if (accepted.size === 0) break
    const confirmed = await write(db, services, [...accepted.values()])
    open = open.filter(({ id }) => accepted.has(id) && !confirmed.has(id))
  }
  return outcomes
}

const alreadyConfirmed = ({ petition }: Accepted): ConfirmOutcome => ({
  outcome: 'already confirmed',
  petition,
})

function decide(
  signature: ReadSignature | undefined,
  petitions: Petition[],
  clock: Clock,
  shown: string | null,
): ConfirmOutcome {
  const petition = petitions.find((each) => each.id === signature?.petition_id)
  if (!signature || !petition) return { outcome: 'gone' }
  if (signature.state === 'confirmed') return { outcome: 'already confirmed', petition }
  if (signature.state !== 'pending') return { outcome: 'gone' }
  if (!takesConfirmations(petition, clock)) return { outcome: 'closed', petition }
  if (shown !== null && shown !== shownDigest(signature)) {
    return { outcome: 'changed', petition, signature }
  }
  return { outcome: 'confirmed', petition, signature }
}

/**
 * Only now does anything readable leave the encrypted details: the name, if the signer shows it.
 *
 * @returns the ids of those that were still as they had been read
 */
async function write(
  db: Db,
  { clock, keyring }: { clock: Clock; keyring: Keyring },
  accepted: Accepted[],
): Promise<Set<string>> {
  const now = clock.now()
  const confirmations: NewConfirmation[] = []
  const subscriptions: (NewSubscription & { id: string })[] = []
  for (const { signature, petition } of accepted) {
    const { name, comment, email } = decryptDetails(keyring, signature.details!)
    confirmations.push({
      signature,
      name: publicName(name, signature.display, signature.language!),
      comment: comment ? encryptComment(keyring, comment) : null,
    })
    if (signature.updates) subscriptions.push({ id: signature.id, petition, signature, email })
  }
  const writeAll = async (trx: Db) => {
    const confirmed = await writeConfirmations(trx, confirmations, now)
    await subscribe(
      trx,
      keyring,
      subscriptions.filter(({ id }) => confirmed.has(id)),
    )
    return confirmed
  }
  // One statement needs no transaction around it.
  return subscriptions.length === 0 || db.isTransaction
    ? writeAll(db)
    : db.transaction().execute(writeAll)
}
