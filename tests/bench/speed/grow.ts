import type pg from 'pg'

/** As large as a record sealed to two recipients. */
const SEALED_HEX_BLOCKS = 50

/**
 * Confirmed and sealed signatures of the demo petition as months of use leave them, made by SQL in
 * chunks; with their places in the tally, and in the log far beyond what a worker may add meanwhile.
 */
export async function grow(sql: pg.Client, count: number, told: (done: number) => void) {
  const CHUNK = 500_000
  await sql.query('set synchronous_commit = off')
  // Made anew below: a random key at a time would take several times as long.
  if (count > CHUNK) await sql.query('drop index signature_tag')
  for (let done = 0; done < count; done += CHUNK) {
    await sql.query(
      `with added as (
         insert into signature (petition_id, text_version, consent_version, display, updates, country,
                                language, tag, created_at, confirmed_at, state, mails, mailed_at)
         select 1, 1, 1, 'hidden', false, 'DE', 'en', decode(md5($2::text || n), 'hex'),
                now(), now(), 'confirmed', 1, now()
           from generate_series(1, $1::int) n returning id),
       sealed as (
         insert into sealed_record (petition_id, signature_id, commitment, sealed)
         select 1, id, sha256(id::text::bytea), decode(repeat(md5(id::text), ${SEALED_HEX_BLOCKS}), 'hex')
           from added)
       insert into log_place (signature_id, index) select id, id + 1000000000 from added`,
      [Math.min(CHUNK, count - done), `grown ${done} `],
    )
    told(Math.min(done + CHUNK, count))
  }
  if (count > CHUNK) {
    await sql.query('create unique index signature_tag on signature (petition_id, tag)')
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
