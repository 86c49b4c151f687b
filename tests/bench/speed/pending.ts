import { createHash } from 'node:crypto'
import type { LinkTarget } from '../../../src/platform/link-token.ts'
import { bytesOfId, idOfBytes } from '../../../src/platform/random-id.ts'
import { encryptDetails, newBlinding } from '../../../src/sealing/signer-details.ts'
import type { Stage } from './stage.ts'

const CHUNK = 10_000

/**
 * Submissions by number, so that each process of the bench knows their ids: `idOfPending` is the same in SQL.
 * Their addresses' hashes are the ids' own bytes.
 */
export function pendingOf(nth: number): LinkTarget & { id: string } {
  const id = idOfBytes(createHash('md5').update(`pending ${nth}`).digest())
  return { id, address: bytesOfId(id) }
}

export const idOfPending = (nth: string) => `md5('pending ' || ${nth})::uuid`

/** Submissions as forms leave them, of a mailbox each: what is measured comes after the form. */
export async function freshPending(
  { sql, site: { keyring } }: Stage,
  count: number,
): Promise<{ first: number; last: number }> {
  await sql.query('truncate graphile_worker._private_jobs, tally_queue, sealing_queue')
  await sql.query('create sequence if not exists bench_pending')
  const { rows } = await sql.query(
    `select setval('bench_pending', nextval('bench_pending') + $1)::int as last`,
    [count],
  )
  const { last } = rows[0]
  const first = last - count + 1
  for (let from = first; from <= last; from += CHUNK) {
    const numbers = Array.from({ length: Math.min(CHUNK, last - from + 1) }, (_, n) => from + n)
    const pending = numbers.map(pendingOf)
    const details = numbers.map((nth) => {
      const email = `pending-${nth}@example.org`
      const rest = {
        name: `Signer Number ${nth}`,
        postcode: '10115',
        comment: '',
        r: newBlinding(),
      }
      return encryptDetails(keyring, { email, normalisedEmail: email, ...rest })
    })
    await sql.query(
      `insert into submission (id, created_at, petition_id, text_version, consent_version, display,
                               updates, country, language, address, details)
       select id, now(), 1, 1, 1, 'hidden', false, 'DE', 'en', address, details
         from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as made (id, address, details)`,
      [pending.map(({ id }) => id), pending.map(({ address }) => address), details],
    )
  }
  // Each confirmation is a submission's first, as in life: a second one would be cheaper.
  await sql.query('create sequence if not exists bench_confirm')
  await sql.query(`select setval('bench_confirm', $1, false)`, [first])
  await sql.query('vacuum analyze submission')
  await sql.query('checkpoint')
  return { first, last }
}
