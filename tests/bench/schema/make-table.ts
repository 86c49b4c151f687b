import type pg from 'pg'
import { type Layout, TAG_BYTES } from './layouts.ts'

/** Over so many days the signatures have come. */
const AGE_DAYS = 180

/**
 * A copy of the migrated table in a schema of its own, laid out otherwise, with confirmed and sealed
 * signatures as months of use leave them. Indexes come last: random tags would be slow one by one.
 */
export async function makeTable(sql: pg.Client, schema: string, layout: Layout, rows: number) {
  await sql.query(`create schema ${schema}`)
  await createTable(sql, schema, layout)
  await fill(sql, schema, layout, rows)
  await addIndexes(sql, schema, layout)
  await addForeignKeys(sql, schema)
  // Queues and records of its own, since both sides count their ids from the same one on.
  for (const table of ['sealing_queue', 'sealed_record']) {
    await sql.query(`create table ${schema}.${table} (like public.${table} including all)`)
  }
  await sql.query(`vacuum analyze ${schema}.signature`)
}

async function createTable(sql: pg.Client, schema: string, { fillfactor, partitions }: Layout) {
  const { rows } = await sql.query<{ settings: string[] }>(
    "select reloptions as settings from pg_class where oid = 'public.signature'::regclass",
  )
  const settings = [...rows[0]!.settings, `fillfactor = ${fillfactor ?? 100}`].join(', ')
  const columns = '(like public.signature including all excluding indexes)'
  if (!partitions) {
    await sql.query(`create table ${schema}.signature ${columns} with (${settings})`)
    return
  }
  await sql.query(`create table ${schema}.signature ${columns} partition by hash (tag)`)
  for (let remainder = 0; remainder < partitions; remainder++) {
    await sql.query(
      `create table ${schema}.signature_${remainder} partition of ${schema}.signature
         for values with (modulus ${partitions}, remainder ${remainder}) with (${settings})`,
    )
  }
}

async function fill(sql: pg.Client, schema: string, { tagBytes }: Layout, rows: number) {
  await sql.query(
    `insert into ${schema}.signature
       (petition_id, text_version, consent_version, display, updates, country, language, tag,
        created_at, confirmed_at, state, mails, mailed_at)
     select 1, 1, 1, 'hidden', false, 'DE', 'en',
            substring(decode(md5('grown ' || n), 'hex') for $2), at, at, 'confirmed', 1, at
       from generate_series(1, $1::int) n, lateral (
         select now() - make_interval(days => ${AGE_DAYS}) * (1 - n / $1::float) as at) moment`,
    [rows, tagBytes ?? TAG_BYTES],
  )
}

async function addIndexes(sql: pg.Client, schema: string, layout: Layout) {
  const { rows } = await sql.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
      where schemaname = 'public' and tablename = 'signature'`,
  )
  for (const { name, definition } of rows) {
    if (name === 'signature_pending' && layout.withoutPendingIndex) continue
    const here = definition.replace(' ON public.signature ', ` ON ${schema}.signature `)
    // A unique index of a partitioned table needs the column that it is partitioned by.
    const partitionable = layout.partitions && name === 'signature_pkey'
    await sql.query(partitionable ? here.replace('UNIQUE ', '') : here)
  }
}

async function addForeignKeys(sql: pg.Client, schema: string) {
  const { rows } = await sql.query<{ definition: string }>(
    `select pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = 'public.signature'::regclass and contype = 'f'`,
  )
  for (const { definition } of rows) {
    await sql.query(`alter table ${schema}.signature add ${definition}`)
  }
}
