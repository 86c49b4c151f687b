import { type Agree, type Proposal, requireAgreement } from '../actions/agreement.ts'
import { type Actor, noteAction } from '../actions/note-action.ts'
import type { Database, Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import { keepFresh } from '../platform/cache.ts'
import type { Clock } from '../platform/clock.ts'
import { takeAllTheTime } from '../platform/database/connect.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { addPaper, checkPaper, type NewPaper } from './add-paper.ts'
import { listPaper, readScan, sumPaper } from './paper.queries.ts'

/** Sheets are added by hand, now and then. */
const MAX_AGE_MS = 5000

interface Needs {
  db: Db
  clock: Clock
  publicReads: PublicReads<Database>
}

/** Signatures on paper, before these sheets and with them. */
export interface AddingPaper extends Proposal {
  figures: { before: number; after: number }
}

export type Papers = ReturnType<typeof createPapers>

/** The room of signatures on paper: their number, which never joins the verified count, and the sealed scans. */
export function createPapers(needs: Needs, maxAge = MAX_AGE_MS) {
  const { db, clock, publicReads } = needs
  const totals = keepFresh({
    maxAge,
    load: () => publicReads.read(sumPaper),
    mayBeStale: isDatabaseAway,
  })
  return {
    /** What everybody may see: the organisers' own word, beside the count. */
    total: async (petition: { id: number }): Promise<number> =>
      (await totals.get()).get(petition.id) ?? 0,
    /**
     * Adds sheets, whose scan is read once that is agreed to.
     * @throws PaperError, NotAgreedError, and whatever reading the scan throws
     */
    async add(petition: Petition, paper: NewPaper, by: Actor, agree: Agree<AddingPaper>) {
      await checkPaper(db, petition, paper, clock)
      const { signatures } = paper
      const before = (await sumPaper(db)).get(petition.id) ?? 0
      await requireAgreement(agree, {
        losses: ['the public log keeps the number for ever'],
        figures: { before, after: before + signatures },
      })
      return db.transaction().execute(async (trx) => {
        await takeAllTheTime(trx)
        return addPaper(trx, { clock, by }, petition, paper)
      })
    },
    list: (petition: { id: number }) => listPaper(db, petition.id),
    /** As of a transaction: a delivery's. */
    listIn: (trx: Db, petition: { id: number }) => listPaper(trx, petition.id),
    /** A sealed scan as it comes; null when the petition has none of that id, or it is lost. */
    async export(petition: Petition, id: number, by: Actor) {
      const paper = (await listPaper(db, petition.id)).find((each) => each.id === id)
      if (!paper || paper.size === 0) return null
      await noteAction(db, { clock, by }, { what: 'paper export', petition, after: { id } })
      return { hash: paper.hash, sealed: readScan(db, id) }
    },
    /** As of a transaction: a delivery's. */
    readScanIn: (trx: Db, id: number) => readScan(trx, id),
  }
}
