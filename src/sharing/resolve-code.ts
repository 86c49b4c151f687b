import type { Db } from '../database.ts'
import { FORM_WITHIN_MS } from '../platform/in-time.ts'
import type { Keyring } from '../platform/keyring.ts'
import { createMicroBatch } from '../platform/micro-batch.ts'
import { isPartnerCode, readPersonalCode } from './share-code.ts'

interface ShareCode {
  petitionId: number
  code: string
  kind: 'personal' | 'partner'
}

/** The petition that a code belongs to; null for a code that this server did not give out. */
export type ResolveCode = (code: string) => Promise<ShareCode | null>

/** Codes a query. */
const LIMIT = 200

/**
 * Anybody can ask for made-up codes by the thousand. Only those that a partner could have are looked up, all that came
 * at the same time in one query, and one query at a time: they take no connection that a form would wait for.
 */
export function createCodeResolver({ db, keyring }: { db: Db; keyring: Keyring }): ResolveCode {
  const partners = createMicroBatch<string, number | null>({
    limit: LIMIT,
    lanes: 1,
    within: FORM_WITHIN_MS,
    isCommon: () => true,
    write: (codes) => findPartners(db, codes),
  })
  return async (code) => {
    const own = readPersonalCode(keyring, code)
    if (own !== null) return { petitionId: own, code, kind: 'personal' }
    const petitionId = isPartnerCode(code) ? await partners.add(code) : null
    return petitionId === null ? null : { petitionId, code, kind: 'partner' }
  }
}

/** @returns the petition of each, in their order */
async function findPartners(db: Db, codes: string[]): Promise<(number | null)[]> {
  const links = await db
    .selectFrom('partner_link')
    .select(['code', 'petition_id'])
    .where('code', 'in', codes)
    .execute()
  const petitions = new Map(links.map(({ code, petition_id }) => [code, petition_id]))
  return codes.map((code) => petitions.get(code) ?? null)
}
