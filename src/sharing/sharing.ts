import type { Actor } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { createClicks } from './clicks.ts'
import { createPartnerLink, findPartner, listPartnerLinks } from './partner-links.ts'
import { createCodeResolver } from './resolve-code.ts'
import { pageToken, personalCode, readPageToken, readPersonalCode } from './share-code.ts'

export type Sharing = ReturnType<typeof createSharing>

/** The room of share codes: partners' links and signers' own. */
export function createSharing({ db, clock, keyring }: { db: Db; clock: Clock; keyring: Keyring }) {
  return {
    createPartnerLink: (petition: Petition, name: string, by: Actor) =>
      db.transaction().execute((trx) => createPartnerLink(trx, { clock, by }, petition, name)),
    resolveCode: createCodeResolver({ db, keyring }),
    personalCode: (petitionId: number, signatureId: string) =>
      personalCode(keyring, petitionId, signatureId),
    readPersonalCode: (code: string) => readPersonalCode(keyring, code),
    listPartnerLinks: (petition: Petition) => listPartnerLinks(db, petition.id),
    findPartner: (code: string) => findPartner(db, code),
    /** In the secret address of a code's own page. */
    pageToken: (code: string) => pageToken(keyring, code),
    readPageToken: (token: string) => readPageToken(keyring, token),
    clicks: createClicks({ db, clock, keyring }),
  }
}
