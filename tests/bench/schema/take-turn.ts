import { upsertPending } from '../../../src/signature/intake/intake.queries.ts'
import { deletePendingBefore, findForMail } from '../../../src/signature/signature.queries.ts'
import { findByTag } from '../../../src/withdrawal/withdrawal.queries.ts'
import { confirmBatch, mailBatch, newSignature, sealBatch } from './live-through.ts'
import { type Figures, meter } from './meter.ts'
import { knownSignatures, pendingIds } from './pick-signatures.ts'
import type { Side } from './side.ts'

/** A multiple of all batches, and few against a checkpoint's time at the rates of a crowd. */
const SIGNATURES = 20_000
const LOOKUPS = 1000
/** As many as come together when a crowd signs, confirms and is sealed. */
const RECORD_BATCH = 200
const MAIL_BATCH = 100
const CONFIRM_BATCH = 80
const SEAL_BATCH = 100
const RETENTION_MS = 14 * 24 * 60 * 60 * 1000

export const STEPS = ['record', 'mail', 'confirm', 'seal', 'byId', 'byTag', 'erase'] as const
export type Turn = Record<(typeof STEPS)[number], Figures>

/**
 * What a signature goes through, by the program's own statements, for many in batches; then look-ups
 * among all, and the search for what waits too long, of which there is none.
 */
export async function takeTurn(side: Side): Promise<Turn> {
  const { db, sql } = side
  await sql.query(
    'truncate graphile_worker._private_jobs, tally_queue, sealing_queue, sealed_record',
  )
  // After it each page that is touched goes into the log as a whole, once: both sides begin there.
  await sql.query('checkpoint')
  const fresh = Array.from({ length: SIGNATURES }, () => newSignature(side))
  const record = await meter(side, SIGNATURES, () =>
    inBatches(fresh, RECORD_BATCH, (rows) => upsertPending(db, rows, 'mail-signers')),
  )
  // As autovacuum does in time: a plan made without knowing of pending ones reads them all.
  await sql.query(`analyze ${side.schema}.signature`)
  const ids = await pendingIds(side)
  const mail = await meter(side, SIGNATURES, () => inBatches(ids, MAIL_BATCH, mailBatch(side)))
  const confirm = await meter(side, SIGNATURES, () =>
    inBatches(ids, CONFIRM_BATCH, confirmBatch(side)),
  )
  const seal = await meter(side, SIGNATURES, () => inBatches(ids, SEAL_BATCH, sealBatch(side)))
  const known = await knownSignatures(side, LOOKUPS)
  const byId = await meter(side, LOOKUPS, async () => {
    for (const { id } of known) await findForMail(db, id)
  })
  const byTag = await meter(side, LOOKUPS, async () => {
    for (const { tag } of known) await findByTag(db, 1, tag)
  })
  const createdBefore = new Date(Date.now() - RETENTION_MS)
  const erase = await meter(side, 1, async () => {
    await deletePendingBefore(db, { createdBefore, limit: 500 })
  })
  return { record, mail, confirm, seal, byId, byTag, erase }
}

async function inBatches<T>(items: T[], size: number, work: (batch: T[]) => Promise<unknown>) {
  for (let at = 0; at < items.length; at += size) await work(items.slice(at, at + size))
}
