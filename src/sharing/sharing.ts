import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { resolveCode } from './attribution.ts'
import { createPartnerLink } from './partner-links.ts'
import { personalCode, readPersonalCode } from './share-code.ts'

export type Sharing = ReturnType<typeof createSharing>

/** The room of share codes: partners' links and signers' own. */
export function createSharing({ db, clock, keyring }: { db: Db; clock: Clock; keyring: Keyring }) {
  return {
    createPartnerLink: (petition: Petition, name: string) =>
      db.transaction().execute((trx) => createPartnerLink(trx, clock, petition, name)),
    resolveCode: (code: string) => resolveCode(db, keyring, code),
    personalCode: (petitionId: number, signatureId: string) =>
      personalCode(keyring, petitionId, signatureId),
    readPersonalCode: (code: string) => readPersonalCode(keyring, code),
  }
}
