import type { Db } from '../database.ts'
import type { PublicLog } from '../log/public-log.ts'
import { keepFresh } from '../platform/cache.ts'
import type { Clock } from '../platform/clock.ts'
import { countWaiting, oldestWaiting } from '../platform/mail/count-mails.ts'
import type { Scrutiny } from '../scrutiny/scrutiny.ts'
import { MAIL_SUBMISSIONS } from '../signature/mail/mail-submissions.ts'
import type { Signatures } from '../signature/signatures.ts'

/** Both `/metrics` and `/readyz` ask, however many scrape. */
const KEPT_MS = 5000

interface Needs {
  db: Db
  clock: Clock
  publicLog: Pick<PublicLog, 'progress'>
  scrutiny: Pick<Scrutiny, 'countOpen'>
  signatures: Pick<Signatures, 'measureSealing' | 'countHeld'>
}

/** What waits in the database, as every process may tell. */
export function createBacklog(
  { db, clock, publicLog, scrutiny, signatures }: Needs,
  maxAge = KEPT_MS,
) {
  return {
    /** How many mails were put off and wait, by reason. */
    waitingMails: keepFresh({ maxAge, load: () => countWaiting(db), mayBeStale: () => true }),
    /** For how many seconds the oldest mail has waited, without untold ones. */
    oldestMail: keepFresh({
      maxAge,
      load: () => oldestWaiting(db, MAIL_SUBMISSIONS, clock),
      mayBeStale: () => true,
    }),
    /** What waits to be mailed after a flood, sealed, logged and looked at. A database that is away is told, too. */
    backlog: keepFresh({
      maxAge,
      load: async () => {
        const [log, sealing, held, alerts] = await Promise.all([
          publicLog.progress(),
          signatures.measureSealing(),
          signatures.countHeld(null),
          scrutiny.countOpen(),
        ])
        return { log, sealing, held, alerts }
      },
      mayBeStale: () => false,
    }),
  }
}
