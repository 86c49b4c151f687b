import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { closeAlerts, findAlert } from './alert.queries.ts'

/** @returns false when no such alert is open */
export async function closeAlert(trx: Db, acting: Acting, id: number): Promise<boolean> {
  if ((await closeAlerts(trx, { id, now: acting.clock.now() })) === 0) return false
  const { slug, trait, value } = await findAlert(trx, id)
  const before = { id, trait, value }
  await noteAction(trx, acting, { what: 'alert close', petition: { slug }, before })
  return true
}
