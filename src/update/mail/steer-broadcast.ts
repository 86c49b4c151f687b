import { type Acting, noteAction } from '../../actions/note-action.ts'
import type { Db } from '../../database.ts'
import type { Petition } from '../../petition/petition.ts'
import type { BroadcastState } from '../update.table.ts'
import { dropMails, listProgress, moveBroadcast, type Progress } from './broadcast.queries.ts'
import { enqueueSlice } from './send-slice.ts'

export type Steering = 'pause' | 'resume' | 'cancel'
/** `wrong state`: it is in `state`, in which that can't be done. */
export type Steered =
  | { steered: true; left: number }
  | { steered: false; state: BroadcastState }
  | 'not mailed'

const MOVES: Record<Steering, { from: BroadcastState[]; to: BroadcastState }> = {
  pause: { from: ['sending'], to: 'paused' },
  resume: { from: ['paused'], to: 'sending' },
  cancel: { from: ['sending', 'paused'], to: 'cancelled' },
}

/** What a broadcast is about: an update's id, or a milestone. */
export type About = { updateId: number } | { milestone: number }

export const isAbout = (about: About) => (broadcast: Pick<Progress, 'update_id' | 'milestone'>) =>
  'updateId' in about
    ? broadcast.update_id === about.updateId
    : broadcast.milestone === about.milestone

/**
 * A pause holds from the next mail on; the one that is just being sent goes out. A cancelled broadcast is over: who was
 * mailed is not kept, so a second one could mail somebody twice. Call it in a transaction.
 */
export async function steerBroadcast(
  trx: Db,
  acting: Acting,
  { petition, about, name }: { petition: Petition; about: About; name: string },
  steering: Steering,
): Promise<Steered> {
  const broadcast = (await listProgress(trx, petition.id)).find(isAbout(about))
  if (!broadcast) return 'not mailed'
  const { from, to } = MOVES[steering]
  const ended = to === 'cancelled' ? acting.clock.now() : null
  if (!(await moveBroadcast(trx, broadcast.id, from, { state: to, ended }))) {
    return { steered: false, state: broadcast.state }
  }
  if (to === 'cancelled') await dropMails(trx, broadcast.id)
  if (to === 'sending') await enqueueSlice(trx, broadcast.id)
  await noteAction(trx, acting, {
    what: `update ${steering}`,
    petition,
    before: { state: broadcast.state },
    after: { name, state: to, sent: broadcast.sent },
  })
  return { steered: true, left: broadcast.waiting }
}
