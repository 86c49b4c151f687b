import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { EncodedPicture } from './encode-picture.ts'
import type { Picture } from './picture.ts'

/** Statements on `picture` and `picture_file`. What is stored never changes: names follow from the bytes. */

/** @returns the sources, in hexadecimal, that the petition has already */
export async function listSources(db: Db, slug: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('picture')
    .select('source')
    .where('petition_id', 'in', (from) =>
      from.selectFrom('petition').select('id').where('slug', '=', slug),
    )
    .execute()
  return new Set(rows.map(({ source }) => source.toString('hex')))
}

export async function insertPicture(
  trx: Db,
  petitionId: number,
  source: string,
  { picture, files }: EncodedPicture,
): Promise<void> {
  await trx
    .insertInto('picture')
    .values({
      petition_id: petitionId,
      source: Buffer.from(source, 'hex'),
      encoded: JSON.stringify(picture),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  for (const [name, bytes] of files) {
    await trx
      .insertInto('picture_file')
      .values({ petition_id: petitionId, name, bytes })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

/** With its files, unless another picture of the petition has the same. Nobody else may write its pictures meanwhile. */
export async function deletePicture(trx: Db, petitionId: number, source: string): Promise<void> {
  const rows = await trx
    .selectFrom('picture')
    .select(['source', 'encoded'])
    .where('petition_id', '=', petitionId)
    .execute()
  const isIt = (row: { source: Buffer }) => row.source.toString('hex') === source
  const kept = new Set(rows.filter((row) => !isIt(row)).flatMap(({ encoded }) => filesOf(encoded)))
  const names = rows.filter(isIt).flatMap(({ encoded }) => filesOf(encoded))
  const dropped = names.filter((name) => !kept.has(name))
  await trx
    .deleteFrom('picture')
    .where('petition_id', '=', petitionId)
    .where('source', '=', Buffer.from(source, 'hex'))
    .execute()
  await trx
    .deleteFrom('picture_file')
    .where('petition_id', '=', petitionId)
    .where('name', '=', sql<string>`any (${dropped}::text[])`)
    .execute()
}

const filesOf = ({ sizes }: Picture): string[] =>
  sizes.flatMap(({ avif, webp, jpg }) => [avif, webp, jpg])

export async function findPicture(
  db: Db,
  petitionId: number,
  source: string,
): Promise<Picture | null> {
  const row = await db
    .selectFrom('picture')
    .select('encoded')
    .where('petition_id', '=', petitionId)
    .where('source', '=', Buffer.from(source, 'hex'))
    .executeTakeFirst()
  return row?.encoded ?? null
}

export async function findPictureFile(db: Db, name: string): Promise<Buffer | null> {
  const row = await db
    .selectFrom('picture_file')
    .select('bytes')
    .where('name', '=', name)
    .limit(1)
    .executeTakeFirst()
  return row?.bytes ?? null
}
