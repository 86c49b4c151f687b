import type { Db } from '../database.ts'
import type { Keyring } from '../platform/keyring.ts'
import { findPartnerLink } from './partner-link.queries.ts'
import { readPersonalCode } from './share-code.ts'

/** What friends' links are counted under, all together, by source. */
export const PERSONAL_SOURCE = 'personal'
/** Before a partner's code, in the source breakdown. */
export const PARTNER_PREFIX = 'partner:'

export interface ShareCode {
  petitionId: number
  code: string
  kind: 'personal' | 'partner'
}

/** Which petition a code belongs to; null for anything this server didn't give out. */
export async function resolveCode(
  db: Db,
  keyring: Keyring,
  code: string,
): Promise<ShareCode | null> {
  const petitionId = readPersonalCode(keyring, code)
  if (petitionId !== null) return { petitionId, code, kind: 'personal' }
  const link = await findPartnerLink(db, code)
  return link && { petitionId: link.petition_id, code, kind: 'partner' }
}

/**
 * Where a signature came from, as it is stored: the credited code, and the source it is counted
 * under. A source named in the address wins; else the kind of link; else null: directly.
 */
export async function readAttribution(
  db: Db,
  keyring: Keyring,
  petitionId: number,
  given: { ref: string | null; source: string | null },
): Promise<{ ref: string | null; source: string | null }> {
  const found = given.ref ? await resolveCode(db, keyring, given.ref) : null
  const share = found?.petitionId === petitionId ? found : null
  const fromLink =
    share && (share.kind === 'partner' ? `${PARTNER_PREFIX}${share.code}` : PERSONAL_SOURCE)
  return { ref: share?.code ?? null, source: given.source ?? fromLink }
}
