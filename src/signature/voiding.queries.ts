import { sql } from 'kysely'
import type { Countable } from '../count/enqueue-count.ts'
import type { Db } from '../database.ts'
import type { SignatureState } from './signature.table.ts'

export interface SignatureToVoid extends Countable {
  id: string
  state: SignatureState
  tag: Buffer | null
}

export async function readSignatures(db: Db, ids: string[]): Promise<SignatureToVoid[]> {
  return select(db, ids).execute()
}

/** Held against a withdrawal; in one order, so that two who void at once wait and don't block. */
export async function lockSignatures(trx: Db, ids: string[]): Promise<SignatureToVoid[]> {
  return select(trx, ids).orderBy('id').forUpdate().execute()
}

function select(db: Db, ids: string[]) {
  return db
    .selectFrom('signature')
    .select([
      'id',
      'petition_id',
      'state',
      'confirmed_at',
      'country',
      'language',
      'source',
      'ref',
      'tag',
    ])
    .where('id', '=', anyOf(ids))
}

export async function setVoided(trx: Db, ids: string[]): Promise<void> {
  await trx.updateTable('signature').set({ state: 'voided' }).where('id', '=', anyOf(ids)).execute()
}

/** What the page shows of them goes. */
export async function hideVoided(trx: Db, ids: string[]): Promise<void> {
  await trx.deleteFrom('public_name').where('signature_id', '=', anyOf(ids)).execute()
  await trx.deleteFrom('comment').where('signature_id', '=', anyOf(ids)).execute()
}

const anyOf = (ids: string[]) => sql<string>`any (${ids}::uuid[])`
