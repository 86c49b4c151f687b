import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { PetitionSettings } from '../petition/files/petition-files.ts'
import { recipientsOf } from '../petition/petition.ts'
import { BEFORE_EVERY_ID } from '../platform/random-id.ts'
import type { Origin } from './map-columns.ts'
import { noteInvited } from './marks.ts'
import { ImportError } from './open-file.ts'

/** A million are erased in pages. */
const PAGE = 5000

export interface Batch {
  id: number
  petitionId: number
  origin: Origin
  /** Taken in, those included who have left since. */
  signatures: number
  begunAt: Date
  /** Null while it is unfinished. */
  endedAt: Date | null
}

export interface ListedBatch extends Batch {
  /** Those that are still held. */
  held: number
  /** A mail was begun. */
  invited: number
  /** Invitations that wait to be sent, or to be tried once more. */
  waiting: number
  /** Neither invited nor waiting. */
  uninvited: number
}

export async function findBatch(db: Db, petitionId: number, file: Buffer): Promise<Batch | null> {
  const row = await db
    .selectFrom('import_batch')
    .selectAll()
    .where('petition_id', '=', petitionId)
    .where('file', '=', file)
    .executeTakeFirst()
  return row ? toBatch(row) : null
}

/** Two commands with the same file share one row. */
export async function insertBatch(
  trx: Db,
  row: { petition_id: number; origin: Origin; file: Buffer; begun_at: Date },
): Promise<number> {
  const { id } = await trx
    .insertInto('import_batch')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['petition_id', 'file']).doUpdateSet({ origin: row.origin }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/**
 * Before rows of its people are touched: first the petition, which is deleted in this order, too, and then the batch. So
 * whoever deletes, fills, removes or invites waits here, and never in a circle.
 *
 * @returns to whom its petition is sealed from now on
 * @throws ImportError when the batch was removed meanwhile, or the petition archived
 */
export async function holdBatch(
  trx: Db,
  { batchId, petitionId }: { batchId: number; petitionId: number },
): Promise<string[]> {
  const petitions = await sql<{ settings: PetitionSettings; tag_key: Buffer | null }>`
    select settings, tag_key from petition where id = ${petitionId} for key share`.execute(trx)
  const { rows } = await sql`
    select from import_batch where id = ${batchId} for no key update`.execute(trx)
  const petition = petitions.rows[0]
  if (!petition || rows.length === 0)
    throw new ImportError(`batch ${batchId} was removed meanwhile: nothing more of it is done`)
  if (!petition.tag_key)
    throw new ImportError('the petition was archived meanwhile: nothing more is imported')
  return recipientsOf(petition)
}

export async function endBatch(trx: Db, id: number, now: Date): Promise<number> {
  const { signatures } = await trx
    .updateTable('import_batch')
    .set({ ended_at: now })
    .where('id', '=', id)
    .returning('signatures')
    .executeTakeFirstOrThrow()
  return signatures
}

/** The newest first. */
export async function listBatches(db: Db, petitionId: number): Promise<ListedBatch[]> {
  const { rows } = await sql<
    BatchRow & Pick<ListedBatch, 'held' | 'invited' | 'waiting' | 'uninvited'>
  >`
    select b.id, b.petition_id, b.origin, b.signatures, b.begun_at, b.ended_at,
           count(i.id)::int as held, count(i.id) filter (where i.invited)::int as invited,
           count(v.imported_id)::int as waiting,
           count(i.id) filter (where not i.invited and v.imported_id is null)::int as uninvited
      from import_batch b
      left join imported i on i.batch_id = b.id
      left join invitation v on v.imported_id = i.id
     where b.petition_id = ${petitionId}
     group by b.id order by b.id desc`.execute(db)
  return rows.map(({ held, invited, waiting, uninvited, ...row }) => ({
    ...toBatch(row),
    held,
    invited,
    waiting,
    uninvited,
  }))
}

interface BatchRow {
  id: number
  petition_id: number
  origin: string
  signatures: number
  begun_at: Date
  ended_at: Date | null
}

const toBatch = (row: BatchRow): Batch => ({
  id: row.id,
  petitionId: row.petition_id,
  origin: row.origin as Origin,
  signatures: row.signatures,
  begunAt: row.begun_at,
  endedAt: row.ended_at,
})

/**
 * With its people, and the invitations that wait. Who was invited is remembered without them.
 *
 * @returns how many people
 */
export async function deleteBatch(
  trx: Db,
  about: { batchId: number; petitionId: number },
): Promise<number> {
  // Its number is told in the end, which takes this lock: taken now, nobody waits in between.
  await sql`select from petition where id = ${about.petitionId} for no key update`.execute(trx)
  await holdBatch(trx, about)
  let erased = 0
  for (let after = BEFORE_EVERY_ID; ; ) {
    const { rows } = await sql<{ id: string; mark: Buffer; invited: boolean }>`
      delete from imported where id in (
        select id from imported where batch_id = ${about.batchId} and id > ${after}::uuid
         order by id limit ${PAGE} for update)
      returning id, mark, invited`.execute(trx)
    const marks = rows.flatMap(({ mark, invited }) => (invited ? [mark] : []))
    // Behind their rows: who leaves at this moment has erased theirs, or waits and finds the mark.
    await noteInvited(trx, about.petitionId, marks)
    erased += rows.length
    if (rows.length === 0) break
    after = rows
      .map(({ id }) => id)
      .toSorted()
      .at(-1)!
  }
  await trx.deleteFrom('import_batch').where('id', '=', about.batchId).execute()
  return erased
}

/** The last order's word holds for all that wait. A petition's batches share one pace. */
export async function setPace(trx: Db, petitionId: number, perMinute: number): Promise<void> {
  await sql`
    with own as (
      select id from import_batch where petition_id = ${petitionId} order by id for no key update)
    update import_batch b set per_minute = ${perMinute} from own where b.id = own.id`.execute(trx)
}

/** Null where no order said one. */
export async function readPace(db: Db, petitionId: number): Promise<number | null> {
  const { rows } = await sql<{ pace: number | null }>`
    select max(per_minute) as pace from import_batch where petition_id = ${petitionId}`.execute(db)
  return rows[0]!.pace
}

/** Begun before, and not ended since: with the same file they go on. */
export async function listUnfinished(
  db: Db,
  before: Date,
): Promise<{ slug: string; batch: number; begunAt: Date }[]> {
  const rows = await db
    .selectFrom('import_batch')
    .innerJoin('petition', 'petition.id', 'import_batch.petition_id')
    .select(['petition.slug', 'import_batch.id', 'import_batch.begun_at'])
    .where('import_batch.ended_at', 'is', null)
    .where('import_batch.begun_at', '<', before)
    .orderBy('import_batch.id')
    .execute()
  return rows.map(({ slug, id, begun_at: begunAt }) => ({ slug, batch: id, begunAt }))
}
