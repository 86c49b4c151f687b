import type { Db } from '../database.ts'
import { deletePending, findSignature } from './confirmation.queries.ts'

export type RejectOutcome = 'erased' | 'already confirmed' | 'gone'

/**
 * "It wasn't me": the pending signature is erased whole, so the address may sign again some day. One
 * that is confirmed already can't be rejected by the same link; it can be withdrawn.
 */
export async function rejectSignature(db: Db, id: string): Promise<RejectOutcome> {
  if (await deletePending(db, id)) return 'erased'
  const signature = await findSignature(db, id)
  return signature?.state === 'confirmed' ? 'already confirmed' : 'gone'
}
