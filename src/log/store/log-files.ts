import { sql } from 'kysely'
import type { Db } from '../../database.ts'

export async function readBundles(
  db: Db,
  { from, to }: { from: number; to: number },
): Promise<{ n: number; entries: Buffer }[]> {
  const rows = await db
    .selectFrom('log_bundle')
    .selectAll()
    .where('n', '>=', String(from))
    .where('n', '<=', String(to))
    .orderBy('n')
    .execute()
  return rows.map((row) => ({ n: Number(row.n), entries: row.entries }))
}

export async function writeBundles(
  trx: Db,
  bundles: { n: number; entries: Uint8Array }[],
): Promise<void> {
  await sql`
    insert into log_bundle (n, entries)
    select * from unnest(
      ${bundles.map(({ n }) => n)}::bigint[],
      ${bundles.map(({ entries }) => Buffer.from(entries))}::bytea[])
    on conflict (n) do update set entries = excluded.entries`.execute(trx)
}

export async function readTiles(
  db: Db,
  places: { level: number; n: number }[],
): Promise<{ level: number; n: number; hashes: Buffer }[]> {
  const { rows } = await sql<{ level: number; n: string; hashes: Buffer }>`
    select level, n, hashes
      from log_tile join unnest(
        ${places.map(({ level }) => level)}::smallint[],
        ${places.map(({ n }) => n)}::bigint[]) as wanted (level, n) using (level, n)`.execute(db)
  return rows.map((row) => ({ ...row, n: Number(row.n) }))
}

export async function writeTiles(
  trx: Db,
  tiles: { level: number; n: number; bytes: Uint8Array }[],
): Promise<void> {
  await sql`
    insert into log_tile (level, n, hashes)
    select * from unnest(
      ${tiles.map(({ level }) => level)}::smallint[],
      ${tiles.map(({ n }) => n)}::bigint[],
      ${tiles.map(({ bytes }) => Buffer.from(bytes))}::bytea[])
    on conflict (level, n) do update set hashes = excluded.hashes`.execute(trx)
}
