import type { Db } from '../database.ts'
import { type Petition, takesConfirmations } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { answers, type LinkToken } from '../platform/link-token.ts'
import { type Found, findByIds } from './confirmation.queries.ts'
import { type Accepted, prepare, replaceLost, writeSignatures } from './write-signatures.ts'

export type { Accepted }

export type ConfirmOutcome =
  | ({ outcome: 'confirmed' } & Accepted)
  | { outcome: 'already confirmed'; petition: Petition; address: Buffer | null }
  /** Another form of the same mailbox was confirmed before; what this one brought still waits. */
  | ({ outcome: 'already signed' } & Accepted)
  | { outcome: 'closed'; petition: Petition }
  /** Rejected, withdrawn, or erased after its time. */
  | { outcome: 'gone' }

/**
 * Confirms each once: of many at the same moment one writes and the others find it done. The signature,
 * its public name, its comment, its places in the queues of the tally and of sealing, and the subscriber it
 * may become come together or not at all.
 *
 * @param db a transaction, or the pool: then each request's outcome is durable on return
 * @param petitions all of them, read before: reading them inside would wait for a second connection
 *   while this one is held, and a crowd of confirmations would wait for ever
 * @param links from verified tokens
 * @returns outcomes in the order of the links
 */
export async function confirmSignatures(
  db: Db,
  needs: { clock: Clock; keyring: Keyring },
  petitions: Petition[],
  links: LinkToken[],
): Promise<ConfirmOutcome[]> {
  const ids = [...new Set(links.map(({ id }) => id))]
  const found = await findByIds(db, ids)
  const decided = links.map((link) => decide(found.get(link.id), link, petitions, needs.clock))
  const accepted = new Map(
    decided.flatMap((each) =>
      each.outcome === 'confirmed' ? [[each.submission.id, each] as const] : [],
    ),
  )
  if (accepted.size === 0) return decided
  const prepared = prepare(needs.keyring, [...accepted.values()])
  const confirmed = await writeSignatures(db, needs, prepared)
  const refused = prepared.filter(({ submission }) => !confirmed.has(submission.id))
  if (refused.length > 0) {
    for (const id of await replaceLost(db, needs, refused)) confirmed.add(id)
  }
  // Pressed at the same moment, rejected meanwhile, or of a mailbox that has signed: seen by looking again.
  const left = [...accepted.keys()].filter((id) => !confirmed.has(id))
  const again = left.length > 0 ? await findByIds(db, left) : new Map<string, Found>()
  const told = new Set<string>()
  return decided.map((each, place) => {
    if (each.outcome !== 'confirmed') return each
    const { id, address } = each.submission
    if (confirmed.has(id)) {
      const { petition } = each
      if (told.has(id)) return { outcome: 'already confirmed', petition, address }
      told.add(id)
      return each
    }
    const now = decide(again.get(id), links[place]!, petitions, needs.clock)
    return now.outcome === 'confirmed' ? { ...now, outcome: 'already signed' } : now
  })
}

function decide(
  found: Found | undefined,
  link: LinkToken,
  petitions: Petition[],
  clock: Clock,
): ConfirmOutcome {
  const row = found?.signature ?? found?.submission
  const petition = petitions.find((each) => each.id === row?.petition_id)
  if (!found || !row || !petition || !answers(row, link)) return { outcome: 'gone' }
  const { submission, signature } = found
  if (signature) {
    if (signature.state !== 'confirmed') return { outcome: 'gone' }
    return { outcome: 'already confirmed', petition, address: signature.address }
  }
  if (!takesConfirmations(petition, clock)) return { outcome: 'closed', petition }
  return { outcome: 'confirmed', petition, submission: submission! }
}
