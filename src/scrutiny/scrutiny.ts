import { type Agree, type Proposal, requireAgreement, whenAgreed } from '../actions/agreement.ts'
import type { Actor } from '../actions/note-action.ts'
import type { Database, Db } from '../database.ts'
import type { VoidReason } from '../log/core/entry/entry.ts'
import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { keepFresh } from '../platform/cache.ts'
import { type Clock, MINUTE } from '../platform/clock.ts'
import { readSnapshot, takeAllTheTime } from '../platform/database/connect.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { addJob } from '../platform/jobs/add-job.ts'
import type { Keyring } from '../platform/keyring.ts'
import { countOpenAlerts, listAlerts } from './alert.queries.ts'
import { closeAlert } from './close-alert.ts'
import { lookForAnomalies } from './look-for-anomalies.ts'
import { MAIL_ALERTS, type MailAlertsJob, type MailAlertsNeeds, mailAlerts } from './mail-alerts.ts'
import { countMatches, type Matched, sampleMatches } from './match.queries.ts'
import { countHeldBy, listQuarantines } from './quarantine.queries.ts'
import {
  endInRelease,
  keepQuarantines,
  type OnProgress,
  type PlannedVoid,
  planningVoid,
  startQuarantine,
} from './quarantine.ts'
import type { Rule } from './rule.ts'
import { publishTotals, readTotals, type Totals } from './totals.ts'

/** They move once an hour. */
const TOTALS_AGE_MS = MINUTE
const NOTHING: Totals = { received: 0, quarantined: 0, turnedAway: 0 }

interface Needs extends MailAlertsNeeds {
  db: Db
  clock: Clock
  keyring: Keyring
  petitions: Petitions
  publicReads: PublicReads<Database>
}

interface StartOptions {
  rule: Rule
  reason: VoidReason
  isStanding: boolean
  by: Actor
  agree: Agree<Starting>
}

/** A quarantine that would begin. */
export interface Starting extends Proposal {
  rule: Rule
  reason: VoidReason
  isStanding: boolean
  matched: Matched
}

export type { Matched, PlannedVoid }
export type Scrutiny = ReturnType<typeof createScrutiny>

/** The room that tells farms of signers from crowds, and takes their signatures out of the count. */
export function createScrutiny(needs: Needs, maxAge = TOTALS_AGE_MS) {
  const { db, clock, petitions, publicReads } = needs
  const totals = keepFresh({
    maxAge,
    load: () => publicReads.read(readTotals),
    mayBeStale: isDatabaseAway,
  })
  return {
    /** What everybody may see. */
    totals: async (petition: Petition): Promise<Totals> =>
      (await totals.get()).get(petition.id) ?? NOTHING,

    listAlerts: (petition: Petition | null, { open }: { open: boolean }) =>
      listAlerts(db, { petitionId: petition?.id, open }),
    /** @returns false when no such alert is open */
    closeAlert: (id: number, by: Actor) =>
      db.transaction().execute((trx) => closeAlert(trx, { clock, by }, id)),
    countOpen: () => countOpenAlerts(db),

    count: (petition: Petition, rule: Rule) =>
      readSnapshot(db, (trx) => countMatches(trx, petition.id, rule)),
    sample: (petition: Petition, rule: Rule, size: number) =>
      readSnapshot(db, (trx) => sampleMatches(trx, petition.id, rule, size)),
    list: async (petition: Petition) => {
      const held = await countHeldBy(db, petition.id)
      const all = await listQuarantines(db, { petitionId: petition.id })
      return all.map((each) => ({ ...each, signatures: held.get(each.id) ?? 0 }))
    },
    /** @throws NotAgreedError */
    async start(
      petition: Petition,
      { by, agree, ...options }: StartOptions,
      onProgress?: OnProgress,
    ) {
      // It takes what the rule fits, also what comes in the meantime: the rule is what is agreed to.
      const matched = await readSnapshot(db, (trx) => countMatches(trx, petition.id, options.rule))
      const losses = ['these signatures count no more, until somebody releases them']
      await requireAgreement(agree, { losses, ...options, matched })
      return startQuarantine({ ...needs, by }, petition, options, onProgress)
    },
    release: (petition: Petition, id: number, by: Actor, onProgress?: OnProgress) =>
      endInRelease({ ...needs, by }, petition, id, onProgress),
    /** @throws NotAgreedError */
    planVoid: (petition: Petition, id: number, by: Actor, agree: Agree<PlannedVoid>) =>
      whenAgreed<PlannedVoid, never, Date>(db, agree, planningVoid({ ...needs, by }, petition, id)),

    /** The jobs; their shells are in jobs/. */
    keepQuarantines: async () => keepQuarantines(needs, await petitions.all()),
    async lookForAnomalies() {
      const opened = await db.transaction().execute(async (trx) => {
        await takeAllTheTime(trx)
        const opened = await lookForAnomalies(trx, clock)
        const ids = opened.map(({ id }) => id)
        // An alert is new once: were it opened without its mail, nobody would hear of it.
        if (ids.length > 0) await addJob(trx, MAIL_ALERTS, { ids } satisfies MailAlertsJob)
        return opened
      })
      await publishTotals(db)
      return opened
    },
    mailAlerts: (job: MailAlertsJob) => mailAlerts(needs, job),
  }
}
