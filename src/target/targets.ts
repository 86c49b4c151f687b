import type { Acting, Actor } from '../actions/note-action.ts'
import type { Database, Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import { type Fresh, keepFresh } from '../platform/cache.ts'
import type { Clock } from '../platform/clock.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { importTargets, removeTarget } from './import-targets.ts'
import { createLetterCounts } from './letter-counts.ts'
import { type Answer, noteAnswer, noteAsked, noteMistake } from './note-entry.ts'
import type { TargetInput } from './read-targets.ts'
import { listTargets } from './target.queries.ts'
import type { Target } from './target-state.ts'

/** What another process noted shows here after at most this long. */
const MAX_AGE_MS = 2000

export type Targets = ReturnType<typeof createTargets>

/** The room of those whom petitions ask, and of their answers. */
export function createTargets(
  { db, clock, publicReads }: { db: Db; clock: Clock; publicReads: PublicReads<Database> },
  maxAge = MAX_AGE_MS,
) {
  const held = new Map<number, Fresh<Target[]>>()
  const change = async <T>(
    { id }: Petition,
    by: Actor,
    work: (trx: Db, acting: Acting) => Promise<T>,
  ): Promise<T> => {
    const outcome = await db.transaction().execute((trx) => work(trx, { clock, by }))
    held.get(id)?.drop()
    return outcome
  }
  return {
    letters: createLetterCounts({ db, publicReads }),
    /** In the petition's order; from memory, so that they stay readable while the database is away. */
    of({ id }: Petition): Promise<Target[]> {
      const kept =
        held.get(id) ??
        keepFresh({
          maxAge,
          load: () => publicReads.read((reads) => listTargets(reads, id)),
          mayBeStale: isDatabaseAway,
        })
      held.set(id, kept)
      return kept.get()
    },
    /** After a change in somebody else's transaction. */
    drop(): void {
      for (const kept of held.values()) kept.drop()
    },
    import: (petition: Petition, given: TargetInput[], by: Actor) =>
      change(petition, by, (trx, acting) => importTargets(trx, acting, petition, given)),
    remove: (petition: Petition, word: string, by: Actor) =>
      change(petition, by, (trx, acting) => removeTarget(trx, acting, petition, word)),
    ask: (petition: Petition, asked: { word: string; on: string; corrects?: number }, by: Actor) =>
      change(petition, by, (trx, acting) => noteAsked(trx, acting, petition, asked)),
    answer: (
      petition: Petition,
      answered: { word: string; answer: Answer; corrects?: number },
      by: Actor,
    ) => change(petition, by, (trx, acting) => noteAnswer(trx, acting, petition, answered)),
    mistake: (petition: Petition, mistaken: { word: string; corrects: number }, by: Actor) =>
      change(petition, by, (trx, acting) => noteMistake(trx, acting, petition, mistaken)),
  }
}
