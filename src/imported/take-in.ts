import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { currentText, type Petition, recipientsOf } from '../petition/petition.ts'
import { takeAllTheTime } from '../platform/database/connect.ts'
import type { Keyring } from '../platform/keyring.ts'
import { newId } from '../platform/random-id.ts'
import type { SealPool } from '../sealing/seal-pool.ts'
import type { RecordToSeal } from '../sealing/seal-records.worker.ts'
import { encryptDetails, newBlinding } from '../sealing/signer-details.ts'
import { type Batch, endBatch, holdBatch, insertBatch } from './batch.queries.ts'
import { findKnown, insertImported, type NewImported } from './imported.queries.ts'
import { fileHash, mailboxKeys, type Tags, tagsOf } from './mailboxes.ts'
import type { Origin } from './map-columns.ts'
import { sweepRefused } from './marks.ts'
import { ImportError } from './open-file.ts'
import { readPeople } from './read-people.ts'
import type { Person } from './read-row.ts'
import type { Survey } from './survey-file.ts'
import { tellImported } from './tell-imported.ts'

/** Some 250 ms of a core. */
const SHARE = 100
/** Of texts that were signed elsewhere; those here count from one. */
const NO_VERSION = 0
/** What no `?source=` can hold. */
const SOURCE = 'imported:'

export interface TakeInNeeds extends Acting {
  db: Db
  keyring: Keyring
  pool: SealPool
}

export interface TakeInOptions {
  path: string
  origin: Origin
  survey: Survey
  signal: AbortSignal
  /** Of a share that is written; the next one waits for it. */
  onRows(rows: number): unknown
}

/** @throws ImportError */
export function requireSealing(petition: Petition): void {
  if (recipientsOf(petition).length > 0) return
  throw new ImportError(
    `${petition.slug} has no recipients to whom signatures could be sealed: add one to its petition.yaml and publish it`,
  )
}

/**
 * Takes in a file's people: each is sealed before it is written, a hundred in a transaction. Ended in the middle, by a
 * signal or a crash, the same file goes on where it was; a file that was taken in whole is not read again.
 */
export async function takeIn(
  needs: TakeInNeeds,
  petition: Petition,
  { path, origin, survey, signal, onRows }: TakeInOptions,
): Promise<{ batch: number; signatures: number }> {
  requireSealing(petition)
  const { db, clock, keyring } = needs
  const keys = mailboxKeys(petition, keyring)
  const batch = survey.batch?.id ?? (await begin(needs, petition, origin, survey))
  const about = { batchId: batch, petitionId: petition.id }
  const hash = fileHash(keys)
  let recipients = recipientsOf(petition)
  for await (const rows of readPeople(path, origin, { hash })) {
    for (let at = 0; at < rows.length; at += SHARE) {
      if (signal.aborted) {
        throw new ImportError(
          'stopped: what was taken in so far is sealed and stays; the same command goes on from there',
        )
      }
      const share = rows.slice(at, at + SHARE)
      const people = share.flatMap((row) => ('person' in row ? [row.person] : []))
      const given = people.map((person) => ({ person, tags: tagsOf(keys, person.email) }))
      const known = await findKnown(
        db,
        petition.id,
        given.map(({ tags }) => tags),
      )
      const fresh = given.filter((_, index) => !known.has(index))
      recipients = await addShare(needs, about, recipients, (to) =>
        seal(needs, petition, { origin, to }, fresh),
      )
      await onRows(share.length)
    }
  }
  if (!hash.digest().equals(survey.file)) throw new ImportError(explainChanged(petition, batch))
  const signatures = await db.transaction().execute(async (trx) => {
    await takeAllTheTime(trx)
    await holdBatch(trx, about)
    await sweepRefused(trx)
    const all = await endBatch(trx, batch, clock.now())
    await tellImported(trx, needs, petition, { force: false })
    const after = { batch, origin, signatures: all, ended: true }
    await noteAction(trx, needs, { what: 'import signatures', petition, after })
    return all
  })
  return { batch, signatures }
}

/**
 * Recipients may change while a large file is taken in: what was just sealed to former ones is sealed again.
 *
 * @returns today's
 */
async function addShare(
  { db }: TakeInNeeds,
  about: { batchId: number; petitionId: number },
  before: string[],
  sealTo: (recipients: string[]) => Promise<NewImported[]>,
): Promise<string[]> {
  for (let recipients = before; ; ) {
    const sealed = await sealTo(recipients)
    const today = await db.transaction().execute(async (trx) => {
      const today = await holdBatch(trx, about)
      if (isSame(today, recipients)) await insertImported(trx, about, sealed)
      return today
    })
    if (isSame(today, recipients)) return today
    if (today.length === 0)
      throw new ImportError('the petition has no recipients any more: publish it with one')
    recipients = today
  }
}

const isSame = (a: string[], b: string[]) => a.join('\n') === b.join('\n')

const explainChanged = ({ slug }: Petition, batch: number) =>
  `the file was changed while it was read, so its batch stays unfinished: "undersigned import remove ${slug} ${batch} --yes" takes it out, then import the file again`

function begin(
  needs: TakeInNeeds,
  petition: Petition,
  origin: Origin,
  { file, rows, people }: Survey,
): Promise<Batch['id']> {
  return needs.db.transaction().execute(async (trx) => {
    const row = { petition_id: petition.id, origin, file, begun_at: needs.clock.now() }
    const batch = await insertBatch(trx, row)
    const after = { batch, origin, rows, people, ended: false }
    await noteAction(trx, needs, { what: 'import signatures', petition, after })
    return batch
  })
}

async function seal(
  { keyring, pool }: TakeInNeeds,
  petition: Petition,
  { origin, to }: { origin: Origin; to: string[] },
  given: { person: Person; tags: Tags }[],
): Promise<NewImported[]> {
  if (given.length === 0) return []
  const records = given.map(({ person }) => toRecord(keyring, petition, { origin, to }, person))
  const outcomes = await pool.seal(records)
  return outcomes.map((outcome, index) => {
    if ('failure' in outcome) throw new Error(`line ${given[index]!.person.line} can't be sealed`)
    return { ...outcome, tags: given[index]!.tags }
  })
}

/** In memory only; nothing of it was confirmed, and nobody agreed here to get mail. */
function toRecord(
  keyring: Keyring,
  petition: Petition,
  { origin, to }: { origin: Origin; to: string[] },
  { name, email, country, postcode, comment, language, signedOn }: Person,
): RecordToSeal {
  return {
    slug: petition.slug,
    id: newId(),
    country,
    display: 'hidden',
    language: petition.texts.has(language) ? language : currentText(petition, '').language,
    updates: false,
    consentVersion: NO_VERSION,
    textVersion: NO_VERSION,
    signedAt: signedOn,
    confirmedAt: '',
    source: `${SOURCE}${origin}`,
    details: encryptDetails(keyring, {
      name,
      email: email.typed,
      normalisedEmail: email.normalised,
      postcode,
      comment,
      r: newBlinding(),
    }),
    recipients: to,
  }
}
