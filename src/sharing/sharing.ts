import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { readAttribution, resolveCode } from './attribution.ts'
import { createPartnerLink } from './partner-links.ts'
import { personalCode, readPersonalCode } from './share-code.ts'

export type Sharing = ReturnType<typeof createSharing>

/** Share codes and the attribution of signatures to them. */
export function createSharing({ db, clock, keyring }: { db: Db; clock: Clock; keyring: Keyring }) {
  return {
    createPartnerLink: (petition: Petition, name: string) =>
      db.transaction().execute((trx) => createPartnerLink(trx, clock, petition, name)),
    resolveCode: (code: string) => resolveCode(db, keyring, code),
    readAttribution: (petitionId: number, given: { ref: string | null; source: string | null }) =>
      readAttribution(db, keyring, petitionId, given),
    personalCode: (petitionId: number, signatureId: string) =>
      personalCode(keyring, petitionId, signatureId),
    readPersonalCode: (code: string) => readPersonalCode(keyring, code),
  }
}
