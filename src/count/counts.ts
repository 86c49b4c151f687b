import type { Database, Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { keepFresh } from '../platform/cache.ts'
import type { Clock, SteadyClock } from '../platform/clock.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { namePartners } from '../sharing/partner-links.ts'
import { advanceCounts, reconcileCounts } from './advance-counts.ts'
import { readLogRefs } from './logged-tally.queries.ts'
import { createPublicCounts } from './public-counts.ts'
import {
  LONGEST_WAIT,
  type PublicBreakdown,
  publicTotal,
  readCertifiedRows,
  readPublicRows,
} from './public-figures.ts'
import {
  type Breakdown,
  type Count,
  type CountRow,
  eventsOf,
  isNoOlder,
  noCount,
  readBreakdown,
  readCounts,
  readLoggedCounts,
} from './read-counts.ts'
import { readCountNow } from './tally.queries.ts'
import { type CountTable, sumRows } from './write-counts.ts'

/** With the step of counting this keeps a shown count less than two seconds behind the truth. */
const MAX_AGE_MS = 500

interface Needs {
  db: Db
  /** Bypasses PgBouncer: reconciling holds a session's lock. */
  directDb: Db
  publicReads: PublicReads<Database>
  petitions: Pick<Petitions, 'findById'>
  clock: SteadyClock
  /** In which a guarded petition's count moves between two batches of the log. */
  config: { logMinBatch: number }
}

export type Counts = ReturnType<typeof createCounts>

/** The room of the counts: the figures that everybody sees, the organisers' own, and the work behind them. */
export function createCounts(needs: Needs, maxAge?: number) {
  const { db, directDb, publicReads, clock } = needs
  const shown = createShownCount(needs, maxAge ?? MAX_AGE_MS)
  return {
    /** The count of a petition as everybody may see it; the last known one while the database is away. */
    shown,
    publicTable: createPublicCounts({ publicReads, clock, counts: { shown } }, maxAge),
    publicRows: (petition: Petition, by: PublicBreakdown) =>
      publicReads.read((read) => readPublicRows(read, petition, by)),
    /** As of a transaction that sees one moment, for what is delivered. */
    certifiedRows: (
      trx: Db,
      petition: Petition,
      by: 'country' | 'language',
      certified: number,
    ): Promise<CountRow[]> => readCertifiedRows(trx, petition, by, certified),
    /** How many signatures a share code brought at least, guarded and as of the log's last batch, of live petitions too. */
    brought: async (petition: Petition, code: string) =>
      (await readLogRefs(db, petition.id, [code])).get(code) ?? 0,
    /** The same of several. A code that brought none may be absent. */
    broughtBy: (petition: Petition, codes: readonly string[]) =>
      readLogRefs(db, petition.id, codes),
    /** Unguarded, with the events that still wait. */
    now: (petitionId: number) => readCountNow(db, petitionId),
    /** Unguarded, by petition id. */
    all: () => readCounts(db),
    /** Unguarded, see exportCounts. */
    export: (petition: { id: number; slug: string }, by: Breakdown) =>
      exportCounts({ db, clock }, petition, by),
    advance: () => advanceCounts(db),
    reconcile: () => reconcileCounts(directDb),
  }
}

function createShownCount(
  { publicReads, petitions, clock, config }: Needs,
  maxAge: number,
): (petitionId: number) => Promise<Count> {
  let shown = { logged: new Map<number, Count>(), exact: new Map<number, Count>() }
  const held = keepFresh({
    maxAge,
    load: async () => {
      // A replica that is behind the figures shown is passed over: no count goes back.
      shown = await publicReads.read(
        readBoth,
        ({ logged, exact }) => isNoOlder(logged, shown.logged) && isNoOlder(exact, shown.exact),
      )
      return shown
    },
    mayBeStale: isDatabaseAway,
  })
  const steps = createStepHolder(clock)
  return async (petitionId) => {
    const petition = await petitions.findById(petitionId)
    const counts = await held.get()
    const logged = counts.logged.get(petitionId) ?? noCount()
    const exact = counts.exact.get(petitionId) ?? noCount()
    const least = steps.leastOf(petitionId, logged)
    const count = publicTotal(petition, { logged, exact }, config.logMinBatch, least)
    steps.hold(petitionId, logged, count.counted - logged.counted)
    return count
  }
}

/**
 * Between two batches a guarded count doesn't fall: else somebody who has brought it to the edge of a step
 * would see the moment in which a signer leaves. Each process knows the figures that it has shown itself.
 */
function createStepHolder(clock: SteadyClock) {
  const shown = new Map<number, { events: number; more: number; until: number }>()
  return {
    leastOf(petitionId: number, logged: Count): number {
      const last = shown.get(petitionId)
      const holds = last?.events === eventsOf(logged) && clock.elapsed() < last.until
      return holds ? last.more : 0
    },
    hold(petitionId: number, logged: Count, more: number): void {
      const last = shown.get(petitionId)
      const events = eventsOf(logged)
      if (last?.events === events && last.more === more) return
      shown.set(petitionId, { events, more, until: clock.elapsed() + LONGEST_WAIT })
    },
  }
}

/** The log's first: the exact counts, read after them, are no older. */
async function readBoth(db: Db) {
  const logged = await readLoggedCounts(db)
  return { logged, exact: await readCounts(db) }
}

/**
 * The counts as organisers see them: nothing is folded, partners go by name. Waiting events are counted
 * first, since no worker may be running; where one is, its batch of this moment may still be missing.
 */
async function exportCounts(
  { db, clock }: { db: Db; clock: Clock },
  { id, slug }: { id: number; slug: string },
  by: Breakdown,
): Promise<CountTable> {
  await advanceCounts(db)
  const stored = await readBreakdown(db, id, by)
  const rows = by === 'source' ? await namePartners(db, id, stored) : stored
  return { slug, by, rows, counted: sumRows(rows), generatedAt: clock.now() }
}
