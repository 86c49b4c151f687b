import { type Insertable, type Selectable, sql } from 'kysely'
import type { Db } from '../database.ts'
import type { TargetFacts } from './facts.ts'
import type { TargetEntryTable, TargetTable } from './target.table.ts'
import type { Entry, Target } from './target-state.ts'

/** Those whom a petition asks, in its order, with everything that was noted of them. */
export async function listTargets(db: Db, petitionId: number): Promise<Target[]> {
  const targets = await db
    .selectFrom('target')
    .select(['id', 'word', 'place', 'country', 'facts'])
    .where('petition_id', '=', petitionId)
    .orderBy('place')
    .orderBy('id')
    .execute()
  if (targets.length === 0) return []
  const entries = await db
    .selectFrom('target_entry')
    .selectAll()
    .where('target_id', '=', sql<number>`any (${targets.map(({ id }) => id)}::integer[])`)
    .orderBy('id')
    .execute()
  return targets.map((target) => ({
    ...target,
    entries: entries.filter(({ target_id }) => target_id === target.id),
  }))
}

/** Nothing else is written of the petition's targets until the transaction ends. */
export async function lockTargets(trx: Db, petitionId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`targets:${petitionId}`}, 0))`.execute(
    trx,
  )
}

export async function findTarget(
  trx: Db,
  petitionId: number,
  word: string,
): Promise<Selectable<TargetTable> | null> {
  const row = await trx
    .selectFrom('target')
    .selectAll()
    .where('petition_id', '=', petitionId)
    .where('word', '=', word)
    .executeTakeFirst()
  return row ?? null
}

export async function listEntries(trx: Db, targetId: number): Promise<Entry[]> {
  return trx
    .selectFrom('target_entry')
    .selectAll()
    .where('target_id', '=', targetId)
    .orderBy('id')
    .execute()
}

interface TargetRow {
  petition_id: number
  word: string
  place: number
  country: string
  facts: TargetFacts
}

export async function writeTarget(trx: Db, { facts, ...row }: TargetRow): Promise<void> {
  const written = { ...row, facts: JSON.stringify(facts) }
  await trx
    .insertInto('target')
    .values(written)
    .onConflict((oc) => oc.columns(['petition_id', 'word']).doUpdateSet(written))
    .execute()
}

export async function deleteTarget(trx: Db, id: number): Promise<void> {
  await trx.deleteFrom('target').where('id', '=', id).execute()
}

export async function insertEntry(trx: Db, row: Insertable<TargetEntryTable>): Promise<number> {
  const { id } = await trx
    .insertInto('target_entry')
    .values(row)
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
