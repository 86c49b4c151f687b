import { type Agree, type Proposal, requireAgreement, whenAgreed } from '../actions/agreement.ts'
import { type Actor, noteAction } from '../actions/note-action.ts'
import type { Database, Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import { keepFresh } from '../platform/cache.ts'
import { takeAllTheTime } from '../platform/database/connect.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import type { LinkToken } from '../platform/link-token.ts'
import { createSealPool } from '../sealing/seal-pool.ts'
import { deleteBatch, listBatches, listUnfinished } from './batch.queries.ts'
import { hasRefused, refuseImport } from './erase-imported.ts'
import { exportImported } from './export-imported.ts'
import { forgetOverdue, listStuck } from './invitation.queries.ts'
import { AFFIRMED, type InviteOptions, invite, requireOpen } from './invite.ts'
import { forgetArchived, sweepRefused } from './marks.ts'
import { ImportError } from './open-file.ts'
import {
  enqueueInvitations,
  type InvitationNeeds,
  SEND_INVITATIONS,
  type SendInvitationsJob,
  sendInvitations,
} from './send-invitations.ts'
import { surveyFile } from './survey-file.ts'
import { requireSealing, type TakeInOptions, takeIn } from './take-in.ts'
import { readTold, sweepConfirmed, tellImported } from './tell-imported.ts'

export type { ListedBatch } from './batch.queries.ts'
export type { Survey } from './survey-file.ts'

/** Files are imported by hand, now and then. */
const MAX_AGE_MS = 5000

/** What goes with a batch. */
export interface Removal extends Proposal {
  origin: string
  figures: { held: number; waiting: number }
}

type Needs = InvitationNeeds & { publicReads: PublicReads<Database> }

export type Imports = ReturnType<typeof createImports>

/** The room of signatures from elsewhere: their number, which never joins the verified count, and their sealed records. */
export function createImports(needs: Needs, maxAge = MAX_AGE_MS) {
  const { db, clock, keyring, petitions } = needs
  const told = keepFresh({
    maxAge,
    load: () => needs.publicReads.read(readTold),
    mayBeStale: isDatabaseAway,
  })
  const change = <T>(work: (trx: Db) => Promise<T>) => db.transaction().execute(work)
  /** A million people are counted or erased in one statement. */
  const changeMany = <T>(work: (trx: Db) => Promise<T>) =>
    change(async (trx) => {
      await takeAllTheTime(trx)
      return work(trx)
    })
  return {
    /** What everybody may see: the organisers' own word, beside the count. */
    total: async (petition: { id: number }): Promise<number> =>
      (await told.get()).get(petition.id) ?? 0,
    /** As of a transaction: a delivery's. */
    totalIn: async (trx: Db, petition: { id: number }): Promise<number> =>
      (await readTold(trx)).get(petition.id) ?? 0,
    requireSealing,
    survey: (petition: Petition, options: Parameters<typeof surveyFile>[3]) =>
      changeMany((trx) => surveyFile(trx, { keyring }, petition, options)),
    async takeIn(petition: Petition, options: TakeInOptions, by: Actor) {
      const pool = createSealPool(keyring.details)
      try {
        return await takeIn({ db, clock, keyring, pool, by }, petition, options)
      } finally {
        await pool.close()
      }
    },
    list: (petition: { id: number }) => listBatches(db, petition.id),
    requireOpen: (petition: Petition) => requireOpen(petition, { clock }),
    /** Whoever agrees states AFFIRMED. @throws NotAgreedError */
    async invite(petition: Petition, options: InviteOptions, by: Actor, agree: Agree<Proposal>) {
      await requireAgreement(agree, { losses: [AFFIRMED] })
      return invite({ db, clock, keyring, by }, petition, options)
    },
    /** @returns how many people are gone with it. @throws NotAgreedError */
    remove: (petition: Petition, batch: number, by: Actor, agree: Agree<Removal>) =>
      whenAgreed<Removal, never, number>(db, agree, {
        async survey(trx) {
          await takeAllTheTime(trx)
          const known = (await listBatches(trx, petition.id)).find(({ id }) => id === batch)
          if (!known) throw noBatch(petition, batch)
          const { origin, held, waiting } = known
          const losses = ['its sealed records and the invitations that wait are erased']
          return { losses, origin, figures: { held, waiting } }
        },
        async work(trx, { origin, figures: { held, waiting } }) {
          const erased = await deleteBatch(trx, {
            batchId: batch,
            petitionId: petition.id,
          })
          await tellImported(trx, { clock }, petition, { force: true })
          const before = { batch, origin, held, invitations: waiting }
          await noteAction(trx, { clock, by }, { what: 'import remove', petition, before })
          return erased
        },
      }),
    async export(trx: Db, petition: Petition, by: Actor) {
      await noteAction(db, { clock, by }, { what: 'import export', petition })
      return exportImported(trx, petition, clock.now())
    },
    /** Batches that were begun before, and not ended. */
    unfinished: (before: Date) => listUnfinished(db, before),
    hasRefused: (link: LinkToken) => hasRefused(db, link),
    refuse: (link: LinkToken) => refuseImport(db, link),
    /** The jobs. */
    send: (job: SendInvitationsJob) => sendInvitations(needs, job),
    async tend() {
      while ((await change(sweepConfirmed)) > 0);
      while ((await change(sweepRefused)) > 0);
      while ((await change((trx) => forgetOverdue(trx, clock.now()))) > 0);
      await changeMany(forgetArchived)
      const ids = (await readTold(db)).keys()
      for (const id of ids) {
        const petition = await petitions.findById(id)
        if (petition)
          await changeMany((trx) => tellImported(trx, { clock }, petition, { force: false }))
      }
      for (const petition of await listStuck(db, `${SEND_INVITATIONS}:`)) {
        await enqueueInvitations(db, { petition })
      }
    },
  }
}

export const noBatch = ({ slug }: { slug: string }, batch: number) =>
  new ImportError(
    `${slug} has no batch ${batch}: "undersigned import list ${slug}" shows those there are`,
  )
