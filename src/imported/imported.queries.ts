import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { Tags } from './mailboxes.ts'
import { findMarks, type Mark } from './marks.ts'

/** Which of these mailboxes, by position, are there already: signed here, imported, or taken out by their holder. */
export async function findKnown(db: Db, petitionId: number, tags: Tags[]): Promise<Set<number>> {
  const all = positions(tags)
  const { rows } = await sql<{ at: number }>`
    select distinct given.at
      from unnest(${all.map(({ at }) => at)}::integer[], ${all.map(({ tag }) => tag)}::bytea[]) as given (at, tag)
     where exists (select from signature s where s.petition_id = ${petitionId} and s.tag = given.tag)
        or exists (select from imported i where i.petition_id = ${petitionId} and i.tag = given.tag)`.execute(
    db,
  )
  const known = new Set(rows.map(({ at }) => at))
  const marks = await findMarks(
    db,
    tags.flatMap((each) => each.marks),
  )
  for (const [at, each] of tags.entries()) if (isRefused(marks, each)) known.add(at)
  return known
}

const isMarked = (found: Map<string, Mark>, { marks }: Pick<Tags, 'marks'>) =>
  marks.some((mark) => found.has(mark.toString('hex')))

const isRefused = (found: Map<string, Mark>, { marks }: Pick<Tags, 'marks'>) =>
  marks.some((mark) => found.get(mark.toString('hex'))?.refused)

/** Which of these mailboxes, by position, have signed here. */
export async function findKnownSigners(
  db: Db,
  petitionId: number,
  tags: Tags[],
): Promise<Set<number>> {
  const all = positions(tags)
  const { rows } = await sql<{ at: number }>`
    select distinct given.at
      from unnest(${all.map(({ at }) => at)}::integer[], ${all.map(({ tag }) => tag)}::bytea[]) as given (at, tag)
      join signature s on s.petition_id = ${petitionId} and s.tag = given.tag`.execute(db)
  return new Set(rows.map(({ at }) => at))
}

const positions = (tags: Tags[]) =>
  tags.flatMap(({ tag, former }, at) => [tag, ...former].map((each) => ({ at, tag: each })))

export interface NewImported {
  id: string
  tags: Tags
  commitment: Uint8Array
  sealed: Uint8Array
}

/**
 * Passes over mailboxes that are there by now, or refuse this moment. Who was invited from a batch that is gone counts as
 * invited. @returns how many were taken in
 */
export async function insertImported(
  trx: Db,
  { batchId, petitionId }: { batchId: number; petitionId: number },
  people: NewImported[],
): Promise<number> {
  const marks = await findMarks(
    trx,
    people.flatMap(({ tags }) => tags.marks),
    { lock: true },
  )
  // In one order, so that two of these never wait for each other in a circle.
  const ordered = people
    .filter(({ tags }) => !isRefused(marks, tags))
    .toSorted((a, b) => a.tags.tag.compare(b.tags.tag))
  const { numAffectedRows } = await sql`
    insert into imported (id, batch_id, petition_id, tag, mark, commitment, sealed, invited)
    select id, ${batchId}::integer, ${petitionId}::integer, tag, mark, commitment, sealed, invited
      from unnest(${ordered.map(({ id }) => id)}::uuid[],
                  ${ordered.map(({ tags }) => tags.tag)}::bytea[],
                  ${ordered.map(({ tags }) => tags.marks[0])}::bytea[],
                  ${ordered.map(({ commitment }) => Buffer.from(commitment))}::bytea[],
                  ${ordered.map(({ sealed }) => Buffer.from(sealed))}::bytea[],
                  ${ordered.map(({ tags }) => isMarked(marks, tags))}::boolean[])
        as given (id, tag, mark, commitment, sealed, invited)
    on conflict (petition_id, tag) do nothing`.execute(trx)
  const taken = Number(numAffectedRows)
  await sql`
    update import_batch set signatures = signatures + ${taken}::integer where id = ${batchId}`.execute(
    trx,
  )
  return taken
}
