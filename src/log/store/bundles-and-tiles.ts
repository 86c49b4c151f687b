import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import { cutBundle, parseBundle } from '../core/entry/entry-bundle.ts'
import { HASH_BYTES } from '../core/tree/hash-tree.ts'
import { type GetTile, TILE_WIDTH } from '../core/tree/tile.ts'

/**
 * Reads tiles from the database. Those asked for in one go are fetched in one query: a proof costs one
 * round trip. The row may be wider than asked for: the earlier log is its beginning.
 */
export function createGetTile(db: Db): GetTile {
  let waiting: Map<string, { level: number; n: number }> | null = null
  let flight: Promise<Map<string, Buffer>>

  function load(level: number, n: number): Promise<Map<string, Buffer>> {
    if (!waiting) {
      const wanted = new Map<string, { level: number; n: number }>()
      waiting = wanted
      flight = Promise.resolve().then(async () => {
        waiting = null
        const rows = await readTiles(db, [...wanted.values()])
        return new Map(rows.map((row) => [`${row.level}/${row.n}`, row.hashes]))
      })
    }
    waiting.set(`${level}/${n}`, { level, n })
    return flight
  }

  return async (level, n, width) => {
    const hashes = (await load(level, n)).get(`${level}/${n}`)
    return hashes && hashes.length >= width * HASH_BYTES
      ? hashes.subarray(0, width * HASH_BYTES)
      : null
  }
}

/** The first `width` entries of a bundle, as they are published; null when there are fewer. */
export async function getBundle(db: Db, n: number, width: number): Promise<Uint8Array | null> {
  const [row] = await readBundles(db, { from: n, to: n })
  return row ? cutBundle(row.entries, width) : null
}

/** The entry's bytes; null when the log isn't that long. */
export async function getEntry(db: Db, index: number): Promise<Uint8Array | null> {
  const n = Math.floor(index / TILE_WIDTH)
  const [row] = await readBundles(db, { from: n, to: n })
  return (row && takeEntries(row.entries, (index % TILE_WIDTH) + 1)?.at(-1)) ?? null
}

/** The entries from `from` to before `to`. @throws when some of them are missing */
export async function readEntries(
  db: Db,
  { from, to }: { from: number; to: number },
): Promise<Uint8Array[]> {
  const bundles = await readBundles(db, {
    from: Math.floor(from / TILE_WIDTH),
    to: Math.floor((to - 1) / TILE_WIDTH),
  })
  const entries = bundles.flatMap(({ n, entries }) => {
    const first = n * TILE_WIDTH
    const width = Math.min(to - first, TILE_WIDTH)
    return (takeEntries(entries, width) ?? []).slice(Math.max(0, from - first))
  })
  if (entries.length !== to - from) throw new Error(`the log lacks entries of ${from} to ${to}`)
  return entries
}

function takeEntries(bundle: Uint8Array, width: number): Uint8Array[] | null {
  const cut = cutBundle(bundle, width)
  return cut && parseBundle(cut, width)
}

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
  tiles: { level: number; n: number }[],
): Promise<{ level: number; n: number; hashes: Buffer }[]> {
  const { rows } = await sql<{ level: number; n: string; hashes: Buffer }>`
    select level, n, hashes
      from log_tile join unnest(
        ${tiles.map(({ level }) => level)}::smallint[],
        ${tiles.map(({ n }) => n)}::bigint[]) as wanted (level, n) using (level, n)`.execute(db)
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
