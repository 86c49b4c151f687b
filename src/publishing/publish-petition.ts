import type { Db } from '../database.ts'
import { enqueueRecipients, enqueueText, hashRecipients } from '../log/enqueue-entry.ts'
import type { PetitionFiles, PetitionSettings } from '../petition/files/petition-files.ts'
import { hashContent } from '../petition/files/petition-text.ts'
import { explainNoMoment, type Moment, readMoment } from '../petition/files/read-moment.ts'
import { PetitionFilesError } from '../petition/files/read-source.ts'
import { recipientsOf } from '../petition/petition.ts'
import {
  findPetitionRow,
  insertPetition,
  insertText,
  lockPublishing,
  newestTexts,
  updatePetition,
} from '../petition/petition-rows.ts'
import type { Clock } from '../platform/clock.ts'
import { unsubscribeAll } from '../subscriber/subscribe.ts'

export interface Published {
  slug: string
  created: boolean
  /** Languages whose text changed, with the version they now have. */
  versions: { language: string; version: number }[]
  /** Addresses that were erased because the petition keeps no list for updates any more. */
  unsubscribed: number
}

/**
 * Creates the petition or brings it up to its files. A changed text becomes a new version; older
 * ones stay. Publishing the same files again changes nothing. Call it in a transaction.
 *
 * @param makeTagKey makes a new petition's own key, wrapped by the server's
 * @throws PetitionFilesError when the dates contradict each other
 */
export async function publishPetition(
  trx: Db,
  { clock, makeTagKey }: { clock: Clock; makeTagKey: () => Buffer },
  files: PetitionFiles,
): Promise<Published> {
  await lockPublishing(trx, files.slug)
  const now = clock.now()
  const known = await findPetitionRow(trx, files.slug)
  const days = readDays(files, known?.created_at ?? now)
  const input = { slug: files.slug, settings: files.settings, ...days, now }
  const id = known?.id ?? (await insertPetition(trx, { ...input, tagKey: makeTagKey() }))
  if (known) await updatePetition(trx, id, input)
  const unsubscribed = files.settings.updates === false ? await unsubscribeAll(trx, id) : 0
  await logRecipients(trx, { id, slug: files.slug }, known, files)
  const versions = await publishTexts(trx, id, files, now)
  return { slug: files.slug, created: !known, versions, unsubscribed }
}

/** Logs the recipients when they change, so that everyone can see a swapped key. */
async function logRecipients(
  trx: Db,
  petition: { id: number; slug: string },
  known: { settings: PetitionSettings } | null,
  { settings }: PetitionFiles,
) {
  const before = known ? recipientsOf(known) : []
  if (hashRecipients(before) === hashRecipients(settings.recipients)) return
  await enqueueRecipients(trx, petition, settings.recipients)
}

async function publishTexts(trx: Db, petitionId: number, files: PetitionFiles, now: Date) {
  const newest = new Map((await newestTexts(trx, petitionId)).map((text) => [text.language, text]))
  const versions: Published['versions'] = []
  for (const [language, content] of Object.entries(files.contents)) {
    const hash = hashContent(content)
    const before = newest.get(language)
    if (before?.hash.equals(hash)) continue
    const version = (before?.version ?? 0) + 1
    await insertText(trx, { petitionId, language, version, hash, content, now })
    const petition = { id: petitionId, slug: files.slug }
    await enqueueText(trx, petition, { language, version, hash })
    versions.push({ language, version })
  }
  return versions
}

/**
 * Days such as +90d count from the first publishing, so that publishing again doesn't move them.
 *
 * @throws PetitionFilesError when the two contradict each other, or one is no moment
 */
export function readDays(
  { opens, closes, settings }: PetitionFiles,
  since: Date,
): { opens: Moment; closes: Moment | null } {
  const read = (field: 'opens' | 'closes', text: string) => {
    const moment = readMoment(text, { end: field === 'closes', own: settings.zone ?? null, since })
    if (moment) return moment
    throw new PetitionFilesError(`petition.yaml: ${field} ${explainNoMoment(text)}`)
  }
  const days = {
    opens: read('opens', opens ?? '+0d'),
    closes: closes === null ? null : read('closes', closes),
  }
  if (days.closes && days.closes.at <= days.opens.at) {
    const start = opens === null ? 'the moment at which signing opens' : `opens (${opens})`
    throw new PetitionFilesError(`petition.yaml: closes (${closes}) must be later than ${start}`)
  }
  return days
}
