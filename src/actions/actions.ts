import type { Db } from '../database.ts'
import type { Clock } from '../platform/clock.ts'
import { type Action, listActions } from './list-actions.ts'
import { type Actor, type NewAction, noteAction } from './note-action.ts'

export type Actions = ReturnType<typeof createActions>

/** The room of what people have done. */
export function createActions({ db, clock }: { db: Db; clock: Clock }) {
  return {
    list: (choice: { slug?: string; limit?: number }): AsyncGenerator<Action[]> =>
      listActions(db, choice),
    /** For what changes nothing in the database, such as an export. Verbs that do call noteAction. */
    note: (by: Actor, action: NewAction) => noteAction(db, { clock, by }, action),
  }
}
