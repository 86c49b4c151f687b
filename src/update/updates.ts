import { type Agree, whenAgreed } from '../actions/agreement.ts'
import type { Actor } from '../actions/note-action.ts'
import type { Counts } from '../count/counts.ts'
import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import { keepFresh } from '../platform/cache.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import {
  type BroadcastOptions,
  beginningBroadcast,
  countThisWeek,
  type Mailing,
} from './mail/begin-broadcast.ts'
import { listProgress } from './mail/broadcast.queries.ts'
import { keepSending } from './mail/keep-sending.ts'
import { mailMilestones } from './mail/mail-milestones.ts'
import { type MailTestUpdateJob, mailTest, requestTest } from './mail/mail-test.ts'
import { type SendNeeds, type SendUpdateJob, sendSlice } from './mail/send-slice.ts'
import { type About, type Steering, steerBroadcast } from './mail/steer-broadcast.ts'
import { publishingUpdate, type UpdateChanges } from './publish-update.ts'
import type { UpdateFiles } from './update-files.ts'
import { listUpdates, type Update } from './update-rows.ts'

export type { Progress } from './mail/broadcast.queries.ts'
export { showMail } from './mail/compose-update.ts'
export { asUpdate, type Update } from './update-rows.ts'

/** An update that another process published is shown here after at most this long. */
const MAX_AGE_MS = 2000

export type Updates = ReturnType<typeof createUpdates>

/** The room of what organisers tell after publishing, and of the mails to subscribers about it. */
export function createUpdates(
  needs: SendNeeds & { counts: Pick<Counts, 'shown'> },
  maxAge = MAX_AGE_MS,
) {
  const { db, clock, keyring } = needs
  const held = keepFresh({ maxAge, load: () => listUpdates(db), mayBeStale: isDatabaseAway })
  const change = <T>(work: (trx: Db) => Promise<T>) => db.transaction().execute(work)

  return {
    /** Of every petition, the newest first. */
    all: held.get,
    of: async (petition: Pick<Petition, 'id'>): Promise<Update[]> =>
      (await held.get()).filter(({ petitionId }) => petitionId === petition.id),
    /** @throws NotAgreedError */
    async publish(petition: Petition, files: UpdateFiles, by: Actor, agree: Agree<UpdateChanges>) {
      const verb = publishingUpdate({ clock, by }, petition, files)
      const changes = await whenAgreed(db, agree, verb)
      held.drop()
      return changes
    },
    /** Mailings of the last seven days. */
    countThisWeek: ({ id }: Petition) => countThisWeek(db, clock, id),
    /** @throws NotAgreedError */
    begin: (
      petition: Petition,
      { update, ...options }: BroadcastOptions & { update: Update },
      by: Actor,
      agree: Agree<Mailing>,
    ) => whenAgreed(db, agree, beginningBroadcast({ clock, by }, { petition, update, ...options })),
    test: (
      petition: Petition,
      update: Update,
      mail: { to: string; languages: string[] },
      by: Actor,
    ) => change((trx) => requestTest(trx, { clock, keyring, by }, { petition, update, ...mail })),
    steer: (
      petition: Petition,
      what: { about: About; name: string },
      steering: Steering,
      by: Actor,
    ) => change((trx) => steerBroadcast(trx, { clock, by }, { petition, ...what }, steering)),
    progress: ({ id }: Petition) => listProgress(db, id),
    /** The jobs. */
    sendSlice: (job: SendUpdateJob) => sendSlice(needs, job),
    mailTest: (job: MailTestUpdateJob) => mailTest(needs, job),
    mailMilestones: () => mailMilestones(needs),
    keepSending: () => keepSending(db),
  }
}
