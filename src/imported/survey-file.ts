import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Keyring } from '../platform/keyring.ts'
import { type Batch, findBatch } from './batch.queries.ts'
import { findKnown } from './imported.queries.ts'
import { fileHash, mailboxKeys, tagsOf } from './mailboxes.ts'
import type { Columns, Origin } from './map-columns.ts'
import { ImportError } from './open-file.ts'
import { readPeople } from './read-people.ts'
import type { Person, RowProblem, Unread } from './read-row.ts'

/** Bad rows that are named; the rest are counted. */
const LISTED = 100

/** What importing a file would do. */
export interface Survey {
  columns: Columns
  /** Below the first line. */
  rows: number
  /** Rows of people who may be taken in, each mailbox once. */
  people: number
  duplicates: number
  /** Signed here, imported before, or taken out by a link. */
  known: number
  bad: { listed: { line: number; problem: RowProblem }[]; count: number }
  unread: Readonly<Record<Unread, number>>
  file: Buffer
  /** Of the same file. */
  batch: Batch | null
}

interface SurveyOptions {
  path: string
  origin: Origin
  signal: AbortSignal
  onBytes(bytes: number): void
}

/**
 * Reads the whole file and changes nothing: mailboxes are compared in a table of the database that goes with the
 * transaction, so that memory stays the same however many there are.
 *
 * @throws ImportError
 */
export async function surveyFile(
  trx: Db,
  { keyring }: { keyring: Keyring },
  petition: Petition,
  { path, origin, signal, onBytes }: SurveyOptions,
): Promise<Survey> {
  const keys = mailboxKeys(petition, keyring)
  const hash = fileHash(keys)
  let columns: Columns | null = null
  const counted = { rows: 0, people: 0, duplicates: 0, known: 0 }
  const bad: Survey['bad'] = { listed: [], count: 0 }
  const unread = { country: 0, date: 0, comment: 0 }
  await sql`create temporary table import_seen (tag bytea primary key) on commit drop`.execute(trx)
  const watch = { hash, onBytes, onColumns: (found: Columns) => (columns = found) }
  for await (const rows of readPeople(path, origin, watch)) {
    if (signal.aborted) throw new ImportError('stopped: nothing was imported')
    const people: Person[] = []
    for (const row of rows) {
      counted.rows++
      if ('problem' in row) {
        bad.count++
        if (bad.listed.length < LISTED) bad.listed.push(row)
        continue
      }
      for (const field of row.unread) unread[field]++
      people.push(row.person)
    }
    const tags = people.map(({ email }) => tagsOf(keys, email))
    const fresh = await noteSeen(
      trx,
      tags.map(({ tag }) => tag),
    )
    counted.duplicates += tags.length - fresh.size
    const firsts = tags.filter(({ tag }) => fresh.delete(tag.toString('hex')))
    const known = await findKnown(trx, petition.id, firsts)
    counted.known += known.size
    counted.people += firsts.length - known.size
  }
  const file = hash.digest()
  const batch = await findBatch(trx, petition.id, file)
  return { columns: columns!, ...counted, bad, unread, file, batch }
}

/** @returns those that come for the first time, in hexadecimal */
async function noteSeen(trx: Db, tags: Buffer[]): Promise<Set<string>> {
  const { rows } = await sql<{ tag: Buffer }>`
    insert into import_seen select * from unnest(${tags}::bytea[])
    on conflict do nothing returning tag`.execute(trx)
  return new Set(rows.map(({ tag }) => tag.toString('hex')))
}
