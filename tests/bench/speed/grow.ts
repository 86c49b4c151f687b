import type pg from 'pg'

/** As large as a record sealed to two recipients. */
const SEALED_HEX_BLOCKS = 50
const PAST_THE_LOG = 1_000_000_000

/**
 * Confirmed and sealed signatures of the demo petition as months of use leave them, made by SQL in
 * chunks; counted, and with entries in the log far beyond those that a worker may add meanwhile.
 */
export async function grow(sql: pg.Client, count: number, told: (done: number) => void) {
  const CHUNK = 500_000
  const TABLES = ['signature', 'sealed_record', 'log_place']
  await sql.query('set synchronous_commit = off')
  if (count > CHUNK) {
    // Random keys one by one would take several times as long; `reindex` makes the indexes ready again.
    await sql.query('set session_replication_role = replica')
    await sql.query(
      'update pg_index set indisvalid = false, indisready = false where indrelid = any ($1::regclass[])',
      [TABLES],
    )
  }
  for (let done = 0; done < count; done += CHUNK) {
    await sql.query(
      `with added as (
         insert into signature (id, confirmed_at, petition_id, text_version, country, language, tag, address)
         select gen_random_uuid(), now(), 1, 1, 'DE', 'en', decode(md5($2::text || n), 'hex'),
                decode(md5($2::text || n || 'exact'), 'hex')
           from generate_series(1, $1::int) n returning id),
       sealed as (
         insert into sealed_record (petition_id, signature_id, commitment, sealed)
         select 1, id, sha256(id::text::bytea), decode(repeat(md5(id::text), ${SEALED_HEX_BLOCKS}), 'hex')
           from added)
       insert into log_place (signature_id, index)
       select id, $3::bigint + row_number() over () from added`,
      [Math.min(CHUNK, count - done), `grown ${done} `, PAST_THE_LOG + done],
    )
    told(Math.min(done + CHUNK, count))
  }
  if (count > CHUNK) {
    for (const table of TABLES) await sql.query(`reindex table ${table}`)
    await sql.query('reset session_replication_role')
  }
  for (const [dimension, key] of [
    ['total', 'confirmed'],
    ['country', 'DE'],
    ['language', 'en'],
    ['source', 'direct'],
  ]) {
    await sql.query(
      `insert into tally (petition_id, dimension, key, signatures) values (1, $1, $2, $3)
       on conflict (petition_id, dimension, key)
       do update set signatures = tally.signatures + excluded.signatures`,
      [dimension, key, count],
    )
  }
  await sql.query('set synchronous_commit = on')
  await sql.query('vacuum analyze')
  await sql.query('checkpoint')
}
