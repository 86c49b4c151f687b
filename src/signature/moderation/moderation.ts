import type { Actor } from '../../actions/note-action.ts'
import type { Db } from '../../database.ts'
import type { Petition } from '../../petition/petition.ts'
import { ago, type Clock, DAY } from '../../platform/clock.ts'
import { inTimeToAnswer } from '../../platform/in-time.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { eraseHiddenBefore, type Moderated } from '../store/shown.ts'
import {
  type Decision,
  decideEntries,
  type Entry,
  UNDONE_WITHIN_DAYS,
  undoDecision,
} from './decide.ts'
import { writeEntryMark } from './entry-mark.ts'
import { listQueue, type QueueChoice } from './queue.ts'
import { findReported, reportEntry } from './report.ts'
import type { Reason } from './why.ts'

export type Moderation = ReturnType<typeof createModeration>

/** What the page shows of signers, as organisers and readers have a say in it. */
export function createModeration({
  db,
  clock,
  keyring,
}: {
  db: Db
  clock: Clock
  keyring: Keyring
}) {
  const inTransaction = <T>(work: (trx: Db) => Promise<T>) => db.transaction().execute(work)
  return {
    list: (petition: Petition, choice: QueueChoice) => listQueue(db, keyring, petition.id, choice),
    decide: (petition: Petition, entries: Entry[], decision: Decision, by: Actor) =>
      inTransaction((trx) =>
        decideEntries(trx, { clock, keyring, by }, petition, entries, decision),
      ),
    undo: (petition: Petition, decision: number, by: Actor) =>
      inTransaction((trx) => undoDecision(trx, { clock, keyring, by }, petition, decision)),
    /** For the address of a report; the same as long as the text is. */
    markOf: (moderated: Moderated, id: string, text: string) =>
      writeEntryMark(keyring.reports, moderated, id, text),
    findReported: (petition: Petition, given: { moderated: Moderated; mark: string }) =>
      inTimeToAnswer(findReported(db, { keyring }, petition, given)),
    report: (
      petition: Petition,
      given: { moderated: Moderated; mark: string; reason: Reason; mayHide: boolean },
    ) =>
      inTimeToAnswer(inTransaction((trx) => reportEntry(trx, { clock, keyring }, petition, given))),
    /** What was hidden so long ago that no decision can bring it back. */
    eraseHidden: () => eraseHiddenBefore(db, ago(clock, UNDONE_WITHIN_DAYS * DAY)),
  }
}
