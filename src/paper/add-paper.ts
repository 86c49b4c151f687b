import { createHash } from 'node:crypto'
import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { enqueuePaper } from '../log/enqueue-entry.ts'
import { type Petition, recipientsOf } from '../petition/petition.ts'
import { type Clock, HOUR } from '../platform/clock.ts'
import { sealFile } from '../sealing/age/seal-file.ts'
import { fillPaper, insertPaper, insertScanPart, listPaper, type Paper } from './paper.queries.ts'
import { PaperError } from './paper-error.ts'
import { refuseOdd, refuseSameScan } from './refuse-odd.ts'

/** The database holds the scans, and each backup has them: some hundred sheets at 300 dots an inch. */
export const LARGEST_SCAN = 200 * 1024 * 1024
/** A row's. */
const PART_BYTES = 1024 * 1024
const MOST_SIGNATURES = 10_000_000
const LONGEST_PLACE = 200
const EAST_OF_GREENWICH_MS = 14 * HOUR
const DAY = /^\d{4}-\d\d-\d\d$/

export interface NewPaper {
  signatures: number
  place: string
  /** `YYYY-MM-DD` */
  collectedOn: string
  scan: AsyncIterable<Uint8Array>
  /** Although it looks like a slip: see refuse-odd.ts. */
  anyway?: boolean
}

/** @returns those to which it was compared: the petition's, none where it is meant anyway. @throws PaperError */
export async function checkPaper(
  db: Db,
  petition: Petition,
  paper: Omit<NewPaper, 'scan'>,
  clock: Clock,
): Promise<Paper[]> {
  const { signatures, place, collectedOn } = paper
  if (recipientsOf(petition).length === 0) {
    throw new PaperError(
      `${petition.slug} has no recipients to whom a scan could be sealed: add one to its petition.yaml and publish it`,
    )
  }
  if (!(Number.isInteger(signatures) && signatures > 0 && signatures <= MOST_SIGNATURES)) {
    throw new PaperError('--count takes the number of signatures on the sheets, above 0')
  }
  if (place.length > LONGEST_PLACE || !/\p{L}/u.test(place)) {
    throw new PaperError(`--place takes a name of at most ${LONGEST_PLACE} letters`)
  }
  if (!isDay(collectedOn)) throw new PaperError('--date takes a day such as 2024-11-12')
  // East of Greenwich it is tomorrow already.
  const latest = new Date(clock.now().getTime() + EAST_OF_GREENWICH_MS)
  if (collectedOn > latest.toISOString().slice(0, 10)) {
    throw new PaperError('--date is a day to come: give the last day on which somebody signed')
  }
  if (paper.anyway) return []
  const others = await listPaper(db, petition.id)
  refuseOdd(petition, paper, others)
  return others
}

/**
 * Seals the scan to the petition's recipients as it is read, and puts it, its number and the log's entry into the
 * database together. Nothing readable is ever stored: the server can't open what it has sealed.
 *
 * @param trx a failure leaves nothing of it
 * @throws PaperError, and whatever reading the scan throws
 */
export async function addPaper(
  trx: Db,
  acting: Acting,
  petition: Petition,
  { scan, anyway = false, ...paper }: NewPaper,
): Promise<{ id: number; hash: Buffer; size: number }> {
  const { clock } = acting
  const others = await checkPaper(trx, petition, { ...paper, anyway }, clock)
  const hash = createHash('sha256')
  const sealed = sealFile(recipientsOf(petition), limited(scan))
  const id = await insertPaper(trx, petition.id, { ...paper, addedAt: clock.now() })
  let part = 0
  let size = 0
  for await (const bytes of inParts(sealed)) {
    hash.update(bytes)
    size += bytes.length
    await insertScanPart(trx, { paper_id: id, part: part++, sealed: bytes })
  }
  refuseSameScan({ ...paper, size }, others)
  const digest = hash.digest()
  await fillPaper(trx, id, { hash: digest, size })
  await enqueuePaper(trx, petition, { number: paper.signatures, hash: digest })
  const after = { id, ...paper, sha256: digest.toString('hex') }
  await noteAction(trx, acting, { what: 'paper add', petition, after })
  return { id, hash: digest, size }
}

async function* limited(scan: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const bytes of scan) {
    size += bytes.length
    if (size > LARGEST_SCAN) {
      throw new PaperError(
        `the scan has more than ${LARGEST_SCAN / 1024 / 1024} MB: scan in grey at 200 dots an inch, or add the sheets in several parts`,
      )
    }
    yield bytes
  }
  if (size === 0) throw new PaperError('the scan is an empty file: give the one with the sheets')
}

async function* inParts(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    held.push(chunk)
    size += chunk.length
    if (size < PART_BYTES) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(held)
}

function isDay(text: string): boolean {
  const date = DAY.test(text) ? new Date(`${text}T00:00:00Z`) : null
  return date !== null && date.toJSON()?.slice(0, 10) === text
}
