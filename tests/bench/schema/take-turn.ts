import { upsertPending } from '../../../src/signature/intake/intake.queries.ts'
import { deletePendingBefore, listForMail } from '../../../src/signature/signature.queries.ts'
import { findByTag } from '../../../src/withdrawal/withdrawal.queries.ts'
import { alternate, type Figures, type Pair } from './alternate.ts'
import { confirmBatch, mailBatch, newSignature, sealBatch } from './live-through.ts'
import { knownSignatures, pendingIds } from './pick-signatures.ts'
import type { Side } from './side.ts'

/** A multiple of all batches, and few against a checkpoint's time at the rates of a crowd. */
const SIGNATURES = 20_000
const LOOKUPS = 1000
/** Some take as long as reading the whole table. */
const SEARCHES = 2
/** As many as come together when a crowd signs, confirms and is sealed. */
const RECORD_BATCH = 200
const MAIL_BATCH = 100
const CONFIRM_BATCH = 80
const SEAL_BATCH = 100
const ERASE_BATCH = 500
const RETENTION_MS = 14 * 24 * 60 * 60 * 1000

export const STEPS = ['record', 'mail', 'confirm', 'seal', 'byId', 'byTag', 'erase'] as const
export type Turn = Record<(typeof STEPS)[number], Figures>

/**
 * What a signature goes through, by the program's own statements, for many in batches; then look-ups
 * among all, and the search for what waits too long, of which there is none.
 */
export async function takeTurn(sides: Pair<Side>): Promise<Pair<Turn>> {
  const { sql } = sides[0]
  for (const side of sides) await clearQueues(side)
  // After it each page that is touched goes into the log as a whole, once: both sides begin there.
  await sql.query('checkpoint')
  const fresh = await ofEach(sides, (side) =>
    Array.from({ length: SIGNATURES }, () => newSignature(side)),
  )
  const record = await alternate(
    sides,
    fresh,
    inBatches(RECORD_BATCH, (side, rows) => upsertPending(side.db, rows, 'mail-signers')),
  )
  // As autovacuum does in time: a plan made without knowing of pending ones reads them all.
  for (const { schema } of sides) await sql.query(`analyze ${schema}.signature`)
  const ids = await ofEach(sides, pendingIds)
  const mail = await alternate(sides, ids, inBatches(MAIL_BATCH, mailBatch))
  const confirm = await alternate(sides, ids, inBatches(CONFIRM_BATCH, confirmBatch))
  const seal = await alternate(sides, ids, inBatches(SEAL_BATCH, sealBatch))
  const known = await ofEach(sides, (side) => knownSignatures(side, LOOKUPS))
  const byId = await alternate(
    sides,
    known,
    inBatches(1, ({ db }, [signature]) => listForMail(db, [signature!.id])),
  )
  const byTag = await alternate(
    sides,
    known,
    inBatches(1, ({ db }, [signature]) => findByTag(db, 1, signature!.tag)),
  )
  const createdBefore = new Date(Date.now() - RETENTION_MS)
  const searches = Array.from({ length: SEARCHES }, () => createdBefore)
  const erase = await alternate(
    sides,
    [searches, searches],
    inBatches(1, ({ db }) => deletePendingBefore(db, { createdBefore, limit: ERASE_BATCH })),
  )
  const turnOf = (place: 0 | 1): Turn => ({
    record: record[place],
    mail: mail[place],
    confirm: confirm[place],
    seal: seal[place],
    byId: byId[place],
    byTag: byTag[place],
    erase: erase[place],
  })
  return [turnOf(0), turnOf(1)]
}

async function clearQueues({ sql, schema }: Side): Promise<void> {
  await sql.query(
    `truncate graphile_worker._private_jobs, tally_queue, ${schema}.sealing_queue, ${schema}.sealed_record`,
  )
}

async function ofEach<T>(
  sides: Pair<Side>,
  make: (side: Side) => T | Promise<T>,
): Promise<Pair<T>> {
  return [await make(sides[0]), await make(sides[1])]
}

function inBatches<T>(size: number, work: (side: Side, batch: T[]) => Promise<unknown>) {
  return async (side: Side, items: T[]) => {
    for (let at = 0; at < items.length; at += size) await work(side, items.slice(at, at + size))
  }
}
