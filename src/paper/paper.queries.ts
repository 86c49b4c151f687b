import type { Db } from '../database.ts'

/** A share of a scan that is read at a time. */
const PARTS_A_PAGE = 4

export interface Paper {
  id: number
  signatures: number
  /** Null for one that only the log remembers, after a restore: its scan is lost. */
  place: string | null
  /** `YYYY-MM-DD`; null with `place`. */
  collectedOn: string | null
  addedAt: Date
  /** SHA-256 of the sealed scan. */
  hash: Buffer
  /** Bytes of the sealed scan. */
  size: number
}

export async function insertPaper(
  trx: Db,
  petitionId: number,
  { signatures, place, collectedOn, addedAt }: Omit<Paper, 'id' | 'hash' | 'size'>,
): Promise<number> {
  const { id } = await trx
    .insertInto('paper')
    .values({
      petition_id: petitionId,
      signatures,
      place,
      collected_on: collectedOn,
      added_at: addedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** One that the log tells of and a restored database doesn't. */
export async function insertLostPaper(
  trx: Db,
  petitionId: number,
  { signatures, hash, addedAt }: Pick<Paper, 'signatures' | 'hash' | 'addedAt'>,
): Promise<void> {
  const row = { place: null, collected_on: null, added_at: addedAt }
  await trx
    .insertInto('paper')
    .values({ petition_id: petitionId, signatures, hash, ...row })
    .execute()
}

/** Both are known once the scan is sealed. */
export async function fillPaper(
  trx: Db,
  id: number,
  { hash, size }: Pick<Paper, 'hash' | 'size'>,
): Promise<void> {
  await trx
    .updateTable('paper')
    .set({ hash, size: String(size) })
    .where('id', '=', id)
    .execute()
}

export async function insertScanPart(
  trx: Db,
  row: { paper_id: number; part: number; sealed: Buffer },
): Promise<void> {
  await trx.insertInto('paper_scan').values(row).execute()
}

/** What has begun, in another transaction, isn't there yet. The oldest first. */
export async function listPaper(db: Db, petitionId: number): Promise<Paper[]> {
  const rows = await db
    .selectFrom('paper')
    .select(['id', 'signatures', 'place', 'collected_on', 'added_at', 'hash', 'size'])
    .where('petition_id', '=', petitionId)
    .orderBy('id')
    .execute()
  return rows.map(({ added_at: addedAt, collected_on: collectedOn, size, ...row }) => ({
    ...row,
    addedAt,
    collectedOn,
    size: Number(size),
  }))
}

/** By petition. */
export async function sumPaper(db: Db): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('paper')
    .select('petition_id')
    .select((eb) => eb.fn.sum<string>('signatures').as('signatures'))
    .groupBy('petition_id')
    .execute()
  return new Map(rows.map((row) => [row.petition_id, Number(row.signatures)]))
}

/** The age file of a scan, some of it at a time. */
export async function* readScan(db: Db, paperId: number): AsyncGenerator<Buffer> {
  for (let from = 0; ; from += PARTS_A_PAGE) {
    const rows = await db
      .selectFrom('paper_scan')
      .select('sealed')
      .where('paper_id', '=', paperId)
      .where('part', '>=', from)
      .orderBy('part')
      .limit(PARTS_A_PAGE)
      .execute()
    for (const { sealed } of rows) yield sealed
    if (rows.length < PARTS_A_PAGE) return
  }
}
