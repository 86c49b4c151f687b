import { createHash } from 'node:crypto'
import type { Proposal } from '../actions/agreement.ts'
import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { Delivery } from '../petition/delivery.ts'
import { closingOf, toPetition } from '../petition/petition.ts'
import {
  findPetitionRow,
  listTexts,
  type PetitionRow,
  setStage,
} from '../petition/petition-rows.ts'
import { type EncodedPicture, encodePicture } from '../picture/encode-picture.ts'
import { deletePicture, insertPicture } from '../picture/store-pictures.ts'
import { HOUR } from '../platform/clock.ts'
import { takeAllTheTime } from '../platform/database/connect.ts'
import { tellOpenLinks } from '../signature/open-links.ts'
import { eraseAllPending } from '../signature/remind-or-erase.ts'
import { checkWords, StageError, take, takePublished, toFacts } from './stage.ts'

/** A picture of the handing over, encoded anew; `source` is the SHA-256 of the organisers' file. */
export interface NewDeliveryPicture {
  source: string
  encoded: EncodedPicture
  alt: Record<string, string>
}

/** A second picture of the page's budget. src/pages/petition/view-picture.ts gives phones no wider one. */
const PHONE = { width: 400, bytes: 7_000 }

/** A file as the organisers have it. */
export interface GivenPicture {
  name: string
  bytes: Buffer
  alt: Record<string, string>
}

/**
 * Before the transaction, since it takes seconds; what is missing is said before.
 * @throws PictureError, StageError
 */
export async function encodeGiven(
  db: Db,
  slug: string,
  { name, bytes, alt }: GivenPicture,
): Promise<NewDeliveryPicture> {
  const row = await findPetitionRow(db, slug)
  if (row) checkAlt(row, alt)
  const source = createHash('sha256').update(bytes).digest('hex')
  return { source, encoded: await encodePicture(name, bytes, PHONE), alt }
}

/** What is left out stays as it is marked already; a null `picture` takes it off the page. */
export interface DeliveryMark {
  on?: string
  to?: Record<string, string>
  picture?: NewDeliveryPicture | null | undefined
}

/** While links still confirm, what is lost by ending them; else nothing. */
export interface Marking extends Proposal {
  row: PetitionRow
  delivery: Delivery
}

/**
 * Notes that the signatures were handed over, or corrects it. It stays closed from then on, no link confirms any more,
 * and forms that waited are erased: while links still confirm, that is asked.
 */
export const markingDelivered = {
  /** @throws StageError */
  async survey(
    trx: Db,
    { clock }: Acting,
    slug: string,
    { picture, ...mark }: DeliveryMark,
  ): Promise<Marking> {
    await takeAllTheTime(trx)
    const row = await takePublished(trx, slug)
    const now = clock.now()
    const closes = closingOf(row)
    if (!closes || closes > now) throw new StageError(`${slug} still takes signatures: close it with "undersigned petition close ${slug}" before you mark it as delivered`) // biome-ignore format: one sentence
    const on = mark.on ?? row.delivery?.on
    const to = mark.to ?? row.delivery?.to ?? {}
    if (on === undefined) throw new StageError('say when it was delivered: --on 2024-11-11')
    checkDay(on, now, '--on')
    if (Object.keys(to).length === 0) throw new StageError('say to whom, in each language: --to en="the European Parliament"') // biome-ignore format: one sentence
    if (mark.to) checkWords(row, to, 'the recipient')
    if (picture) checkAlt(row, picture.alt)
    const shown = picture ? { source: picture.source, alt: picture.alt } : row.delivery?.picture
    const answered = row.delivery?.answered ?? null
    const delivery = { on, to, answered, ...(shown && picture !== null && { picture: shown }) }
    if (answered && answered.on < on) throw new StageError(`it was answered on ${answered.on}, before ${on}: check the two days`) // biome-ignore format: one sentence
    const open = await tellOpenLinks(trx, toPetition(row, [], true), clock)
    return { losses: open ? [open] : [], row, delivery }
  },
  async work(
    trx: Db,
    acting: Acting,
    { row, delivery }: Marking,
    { picture }: DeliveryMark,
  ): Promise<void> {
    if (picture) await insertPicture(trx, row.id, picture.source, picture.encoded)
    const erased = await eraseAllPending(trx, row.id)
    await change(trx, acting, row, 'petition delivered', delivery, erased > 0 ? { erased } : {})
  },
}

export async function markAnswered(
  trx: Db,
  acting: Acting,
  slug: string,
  { on, url }: { on: string; url: string | null },
): Promise<void> {
  const row = await takePublished(trx, slug)
  if (!row.delivery) throw new StageError(`${slug} is not marked as delivered: "undersigned petition delivered --help"`) // biome-ignore format: one sentence
  checkDay(on, acting.clock.now(), '--on')
  if (on < row.delivery.on) throw new StageError(`it was delivered on ${row.delivery.on}, after ${on}: check the two days`) // biome-ignore format: one sentence
  if (url !== null && !/^https:\/\/[^\s"<>]+$/.test(url)) throw new StageError(`"${url.slice(0, 80)}" is no address that begins with https://`) // biome-ignore format: one sentence
  await change(trx, acting, row, 'petition answered', { ...row.delivery, answered: { on, url } })
}

/** Takes the last of the two marks back. */
export async function unmark(
  trx: Db,
  acting: Acting,
  slug: string,
  mark: 'delivered' | 'answered',
): Promise<void> {
  const row = await take(trx, slug)
  const { delivery } = row
  const isThere = mark === 'answered' ? delivery?.answered : delivery && !delivery.answered
  if (!delivery || !isThere) throw new StageError(delivery?.answered ? `${slug} is marked as answered: take that mark back first` : `${slug} is not marked as ${mark}: nothing to do`) // biome-ignore format: one sentence
  const after = mark === 'answered' ? { ...delivery, answered: null } : null
  await change(trx, acting, row, `petition ${mark} --undo`, after)
}

async function change(
  trx: Db,
  acting: Acting,
  row: PetitionRow,
  what: string,
  delivery: Delivery | null,
  more: { erased?: number } = {},
): Promise<void> {
  await setStage(trx, row.id, { delivery }, acting.clock.now())
  await dropPicture(trx, row, delivery)
  const [before, after] = [row.delivery, delivery && { ...delivery, ...more }].map(toFacts)
  await noteAction(trx, acting, { what, petition: row, before, after })
}

/** People in a photograph may have asked for it: one that the page shows no more is deleted, unless a text shows it, too. */
async function dropPicture(trx: Db, row: PetitionRow, delivery: Delivery | null): Promise<void> {
  const former = row.delivery?.picture?.source
  if (former === undefined || former === delivery?.picture?.source) return
  const { image } = row.settings
  const texts = await listTexts(trx, row.id)
  const others = texts.flatMap(({ content }) => Object.values(content.pictures ?? {}))
  if ([image?.source, image?.card, ...others].includes(former)) return
  await deletePicture(trx, row.id, former)
}

function checkAlt(row: PetitionRow, alt: Record<string, string>): void {
  if (Object.keys(alt).length === 0) throw new StageError('say in each language what the picture shows, for those who can\'t see it: --alt en="…"') // biome-ignore format: one sentence
  checkWords(row, alt, 'what the picture shows')
}

function checkDay(day: string, now: Date, option: string): void {
  const date = new Date(`${day}T00:00:00Z`)
  const isDay = /^\d{4}-\d\d-\d\d$/.test(day) && date.toJSON()?.slice(0, 10) === day
  if (!isDay) throw new StageError(`${option} takes a day such as 2024-11-11, not "${day.slice(0, 40)}"`) // biome-ignore format: one sentence
  // East of Greenwich it is tomorrow already.
  if (date.getTime() > now.getTime() + 14 * HOUR) throw new StageError(`${day} is still to come: mark it once it has happened`) // biome-ignore format: one sentence
}
