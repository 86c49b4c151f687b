import type { Db } from '../database.ts'
import type { SignatureState } from './signature.table.ts'

export async function findSigned(
  db: Db,
  id: string,
): Promise<{
  id: string
  petition_id: number
  state: SignatureState
  address: Buffer | null
} | null> {
  const row = await db
    .selectFrom('signature')
    .select(['id', 'petition_id', 'state', 'address'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}
