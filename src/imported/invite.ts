import { type Insertable, sql } from 'kysely'
import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { type Petition, petitionState } from '../petition/petition.ts'
import { DAY } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { holdBatch, type ListedBatch, readPace, setPace } from './batch.queries.ts'
import { findKnownSigners } from './imported.queries.ts'
import type { InvitationTable } from './imported.table.ts'
import { encryptInvited, mailboxKeys, tagsOf } from './mailboxes.ts'
import { ImportError } from './open-file.ts'
import { readPeople } from './read-people.ts'
import type { Person } from './read-row.ts'
import { enqueueInvitations, PER_MINUTE } from './send-invitations.ts'

/** What organisers state before anybody is written to; it is noted with the action. */
export const AFFIRMED =
  'These people agreed to hear from us about this petition, or the law lets us write to them once, and we can show why.'

/** So long an address waits for its mail, while the petition is paused or hidden or the mail server takes none. */
const WAITS_MS = 30 * DAY

export interface InviteOptions {
  path: string
  batch: Pick<ListedBatch, 'id' | 'origin'>
  /** For all invitations of the petition; null: as the last order said. */
  perMinute: number | null
  /** For those whose own language the file doesn't say; null: the petition's first. */
  language: string | null
  signal: AbortSignal
  onBytes(bytes: number): void
}

export interface Invited {
  invited: number
  /** Of all the petition's invitations, from now on. */
  perMinute: number
  /** What could not be sent by then is given up, and its address erased. */
  until: Date
}

/** @throws ImportError while an invitation would lead to a page without a form */
export function requireOpen(petition: Petition, { clock }: Pick<Acting, 'clock'>): void {
  if (petitionState(petition, clock) === 'open' && !petition.hiddenAt) return
  throw new ImportError(
    `${petition.slug} takes no signatures now, and an invitation would lead nowhere: invite while it is open`,
  )
}

/**
 * Queues a mail to everybody of a batch who was never invited, and whose invitation doesn't wait. The addresses come from the file, since the server can't
 * read what it has sealed; each lies under the server's key until its mail is sent. Ended in the middle, the same
 * command goes on: nobody is queued twice.
 */
export async function invite(
  { db, keyring, ...acting }: Acting & { db: Db; keyring: Keyring },
  petition: Petition,
  options: InviteOptions,
): Promise<Invited> {
  requireOpen(petition, acting)
  const { path, batch, signal, onBytes } = options
  const keys = mailboxKeys(petition, keyring)
  const about = { batchId: batch.id, petitionId: petition.id }
  const until = new Date(acting.clock.now().getTime() + WAITS_MS)
  const perMinute = options.perMinute ?? (await readPace(db, petition.id)) ?? PER_MINUTE.default
  const note = (facts: object) => ({
    what: 'import invite',
    petition,
    after: { batch: batch.id, perMinute, ...facts },
  })
  await db.transaction().execute(async (trx) => {
    await holdBatch(trx, about)
    await setPace(trx, petition.id, perMinute)
    await noteAction(trx, acting, note({ affirmed: AFFIRMED }))
  })
  let invited = 0
  try {
    for await (const rows of readPeople(path, batch.origin, { onBytes })) {
      if (signal.aborted) throw new ImportError('stopped: the same command goes on from there')
      const people = rows.flatMap((row) => ('person' in row ? [row.person] : []))
      const tagged = people.map((person) => ({ person, tags: tagsOf(keys, person.email) }))
      const signed = await findKnownSigners(
        db,
        petition.id,
        tagged.map(({ tags }) => tags),
      )
      const byTag = new Map(
        tagged.flatMap(({ person, tags: { tag } }, at) =>
          signed.has(at) ? [] : [[tag.toString('hex'), person] as const],
        ),
      )
      const toRow = (person: Person) => ({
        petition_id: petition.id,
        forget_at: until,
        language: languageOf(petition, person, options.language),
        address: encryptInvited(keyring, person.email.typed),
      })
      invited += await db.transaction().execute((trx) => queue(trx, about, { byTag, toRow }))
    }
  } finally {
    if (invited > 0) await enqueueInvitations(db, { petition: petition.id })
  }
  await noteAction(db, acting, note({ invitations: invited }))
  return { invited, perMinute, until }
}

async function queue(
  trx: Db,
  about: { batchId: number; petitionId: number },
  {
    byTag,
    toRow,
  }: {
    byTag: Map<string, Person>
    toRow: (person: Person) => Omit<Insertable<InvitationTable>, 'imported_id'>
  },
): Promise<number> {
  await holdBatch(trx, about)
  const tags = [...byTag.keys()].map((tag) => Buffer.from(tag, 'hex'))
  const { rows } = await sql<{ id: string; tag: Buffer }>`
    select id, tag from imported
     where petition_id = ${about.petitionId} and batch_id = ${about.batchId} and not invited
       and tag = any (${tags}::bytea[])
     order by id for update`.execute(trx)
  if (rows.length === 0) return 0
  const invitations = rows.map(({ id, tag }) => ({
    imported_id: id,
    ...toRow(byTag.get(tag.toString('hex'))!),
  }))
  let queued = 0
  // A statement takes 65,535 values at most.
  for (let at = 0; at < invitations.length; at += 5000) {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('invitation')
      .values(invitations.slice(at, at + 5000))
      .onConflict((conflict) => conflict.column('imported_id').doNothing())
      .executeTakeFirst()
    queued += Number(numInsertedOrUpdatedRows ?? 0n)
  }
  return queued
}

function languageOf({ settings }: Petition, { language }: Person, other: string | null): string {
  if (settings.languages.includes(language)) return language
  return other ?? settings.languages[0]!
}
