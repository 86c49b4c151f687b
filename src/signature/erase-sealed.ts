import type { Db } from '../database.ts'
import { deleteSealed } from './sealing.queries.ts'

/** Erases a signature's sealed record and its commitment's blinding with it. No key is needed. */
export async function eraseSealed(
  trx: Db,
  { id, petitionId }: { id: string; petitionId: number },
): Promise<void> {
  await deleteSealed(trx, petitionId, id)
}
