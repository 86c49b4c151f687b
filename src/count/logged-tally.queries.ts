import { sql } from 'kysely'
import type { Db, LogTallyDimension } from '../database.ts'
import type { CellState } from './guard-cells.ts'

export interface LoggedCountChange {
  petitionId: number
  dimension: LogTallyDimension
  key: string
  change: number
}

export interface LoggedCountCell extends CellState {
  petitionId: number
  dimension: LogTallyDimension
  key: string
  signatures: number
}

interface CellRow {
  petition_id: number
  dimension: LogTallyDimension
  key: string
  signatures: string
  shown: string
  reference: string
  changes: number
}

/** Adds the changes of a batch of the log. @returns the cells that it touched, as they now are */
export async function addToLoggedCounts(
  trx: Db,
  changes: LoggedCountChange[],
): Promise<LoggedCountCell[]> {
  const { rows } = await sql<CellRow>`
    insert into log_tally as t (petition_id, dimension, key, signatures)
    select * from unnest(
      ${changes.map(({ petitionId }) => petitionId)}::integer[],
      ${changes.map(({ dimension }) => dimension)}::text[],
      ${changes.map(({ key }) => key)}::text[],
      ${changes.map(({ change }) => change)}::bigint[])
    on conflict (petition_id, dimension, key)
      do update set signatures = t.signatures + excluded.signatures
    returning petition_id, dimension, key, signatures, shown, reference, changes`.execute(trx)
  return rows.map(toCell)
}

export async function setShown(trx: Db, cells: LoggedCountCell[]): Promise<void> {
  await sql`
    update log_tally t set shown = given.shown, reference = given.reference, changes = given.changes
      from unnest(
        ${cells.map(({ petitionId }) => petitionId)}::integer[],
        ${cells.map(({ dimension }) => dimension)}::text[],
        ${cells.map(({ key }) => key)}::text[],
        ${cells.map(({ shown }) => shown)}::bigint[],
        ${cells.map(({ reference }) => reference)}::bigint[],
        ${cells.map(({ changes }) => changes)}::integer[])
        as given (petition_id, dimension, key, shown, reference, changes)
     where t.petition_id = given.petition_id and t.dimension = given.dimension and t.key = given.key`.execute(
    trx,
  )
}

export async function readLogDimension(
  db: Db,
  petitionId: number,
  dimension: LogTallyDimension,
): Promise<LoggedCountCell[]> {
  const rows = await db
    .selectFrom('log_tally')
    .selectAll()
    .where('petition_id', '=', petitionId)
    .where('dimension', '=', dimension)
    .orderBy('key')
    .execute()
  return rows.map(toCell)
}

export async function readLogTotals(db: Db) {
  return db
    .selectFrom('log_tally')
    .select(['petition_id', 'key', 'signatures'])
    .where('dimension', '=', 'total')
    .execute()
}

/** The published figures of share codes. */
export async function readLogRefs(
  db: Db,
  petitionId: number,
  codes: readonly string[],
): Promise<Map<string, number>> {
  if (codes.length === 0) return new Map()
  const rows = await db
    .selectFrom('log_tally')
    .select(['key', 'shown'])
    .where('petition_id', '=', petitionId)
    .where('dimension', '=', 'ref')
    .where('key', 'in', codes)
    .execute()
  return new Map(rows.map(({ key, shown }) => [key, Number(shown)]))
}

export async function deleteLoggedCounts(trx: Db, petitionId: number): Promise<void> {
  await trx.deleteFrom('log_tally').where('petition_id', '=', petitionId).execute()
}

const toCell = (row: CellRow): LoggedCountCell => ({
  petitionId: row.petition_id,
  dimension: row.dimension,
  key: row.key,
  signatures: Number(row.signatures),
  shown: Number(row.shown),
  reference: Number(row.reference),
  changes: row.changes,
})
