import { randomInt } from 'node:crypto'
import type { Side } from './side.ts'

/** Those that a turn has added, in no order: nobody confirms in the order in which they signed. */
export async function pendingIds({ sql, schema, rows: grown }: Side): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `select id from ${schema}.signature where id > $1 and state = 'pending'`,
    [grown],
  )
  return shuffled(rows.map(({ id }) => id))
}

/** Some of those that it began with, the same one perhaps twice. */
export async function knownSignatures({ sql, schema, rows: grown }: Side, count: number) {
  const some = Array.from({ length: count }, () => 1 + randomInt(grown))
  const { rows } = await sql.query<{ id: string; tag: Buffer }>(
    `select id, tag from unnest($1::bigint[]) wanted join ${schema}.signature on id = wanted`,
    [some],
  )
  return rows
}

function shuffled<T>(items: T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
