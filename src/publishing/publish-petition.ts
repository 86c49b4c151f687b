import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { enqueueText } from '../log/enqueue-entry.ts'
import type { PetitionFiles } from '../petition/files/petition-files.ts'
import { hashContent } from '../petition/files/petition-text.ts'
import { writeMoment } from '../petition/files/read-moment.ts'
import { PetitionFilesError } from '../petition/files/read-source.ts'
import { recipientsOf } from '../petition/petition.ts'
import {
  deleteTexts,
  findPetitionRow,
  insertPetition,
  insertText,
  lockPublishing,
  newestTexts,
  type PetitionRow,
  updatePetition,
} from '../petition/petition-rows.ts'
import type { EncodedPicture } from '../picture/encode-picture.ts'
import { insertPicture, listSources } from '../picture/store-pictures.ts'
import { unsubscribeAll } from '../subscriber/subscribe.ts'
import { announce, announceRecipients } from './announce.ts'
import { differingFacts, factsOf } from './note-change.ts'
import { StageError } from './stage.ts'
import { type PublishAs, readDays, type Terms, termsOf } from './terms.ts'

export interface Published {
  slug: string
  /** It is new, or was a draft until now. */
  created: boolean
  /** Languages whose text changed, with the version they now have. */
  versions: { language: string; version: number }[]
  /** Addresses that were erased because the petition keeps no list for updates any more. */
  unsubscribed: number
}

interface PublishNeeds extends Acting {
  makeTagKey: () => Buffer
  /** Pictures that the petition hasn't got yet, by source. */
  encoded?: ReadonlyMap<string, EncodedPicture>
}

/**
 * Creates the petition or brings it up to its files. A changed text becomes a new version; older
 * ones stay. Publishing the same files again changes nothing. A draft has no versions yet: its texts are replaced, and
 * the public log says nothing of it. Call it in a transaction.
 *
 * @param makeTagKey makes a new petition's own key, wrapped by the server's
 * @throws PetitionFilesError when the dates contradict each other
 * @throws StageError when a public petition is to become a draft
 */
export async function publishPetition(
  trx: Db,
  { makeTagKey, encoded = new Map(), ...acting }: PublishNeeds,
  files: PetitionFiles,
  as: PublishAs = 'published',
): Promise<Published> {
  const { slug, settings } = files
  await lockPublishing(trx, slug)
  const now = acting.clock.now()
  const known = await findPetitionRow(trx, slug)
  if (known?.published_at && as !== 'published') throw new StageError(`${slug} is public and can't be a draft again: "undersigned petition preview <folder>" shows what your changes look like, "petition hide" takes it off the site`) // biome-ignore format: one sentence
  const publishAt = typeof as === 'object' ? as.at : null
  if (publishAt && publishAt <= now) throw new StageError(`--at ${writeMoment({ at: publishAt, zone: settings.zone ?? 'Z' })} is past: leave it out to publish now`) // biome-ignore format: one sentence
  const publishedAt = as === 'published' ? (known?.published_at ?? now) : null
  const days = readDays(files, publishedAt ?? publishAt ?? now)
  const input = { slug, settings, ...days, now, publishedAt, publishAt }
  const id = known?.id ?? (await insertPetition(trx, { ...input, tagKey: makeTagKey() }))
  if (known) await updatePetition(trx, id, input)
  const unsubscribed = settings.updates === false ? await unsubscribeAll(trx, id) : 0
  for (const [source, picture] of encoded) await insertPicture(trx, id, source, picture)
  await refuseIfPictureGone(trx, files)
  const isPublic = known?.published_at != null
  if (!isPublic) await deleteTexts(trx, id)
  const versions = await insertTexts(trx, id, files, now)
  if (isPublic) {
    await announceRecipients(trx, { id, slug }, recipientsOf(known), settings.recipients)
    for (const text of versions) await enqueueText(trx, { id, slug }, text)
  } else if (publishedAt) await announce(trx, { id, slug }, settings)
  await notePublishing(trx, acting, { known, after: input, as, slug, versions })
  return {
    slug,
    created: !isPublic,
    versions: versions.map(({ language, version }) => ({ language, version })),
    unsubscribed,
  }
}

/** One that was there when it was looked for may have been deleted with the mark of a delivery since. */
async function refuseIfPictureGone(trx: Db, { slug, pictures }: PetitionFiles): Promise<void> {
  const there = await listSources(trx, slug)
  const gone = pictures.find(({ source }) => !there.has(source))
  if (gone) throw new PetitionFilesError(`${gone.name} was deleted meanwhile: publish again`)
}

async function notePublishing(
  trx: Db,
  acting: Acting,
  {
    known,
    after,
    as,
    slug,
    versions,
  }: { known: PetitionRow | null; after: Terms; as: PublishAs } & Pick<
    Published,
    'slug' | 'versions'
  >,
): Promise<void> {
  const before = known && { ...factsOf(termsOf(known)), stage: stageOf(known) }
  const stage = typeof as === 'object' ? `scheduled for ${as.at.toISOString()}` : as
  const changed = differingFacts(before ?? {}, { ...factsOf(after), stage })
  if (!changed && versions.length === 0) return
  const texts = Object.fromEntries(versions.map(({ language, version }) => [language, version]))
  await noteAction(trx, acting, {
    what: 'petition publish',
    petition: { slug },
    before: before && (changed?.before ?? {}),
    after: { ...changed?.after, texts },
  })
}

function stageOf({ published_at, publish_at }: PetitionRow): string {
  if (published_at) return 'published'
  return publish_at ? `scheduled for ${publish_at.toISOString()}` : 'draft'
}

async function insertTexts(trx: Db, petitionId: number, files: PetitionFiles, now: Date) {
  const newest = new Map((await newestTexts(trx, petitionId)).map((text) => [text.language, text]))
  const versions: { language: string; version: number; hash: Buffer }[] = []
  for (const [language, content] of Object.entries(files.contents)) {
    const hash = hashContent(content)
    const before = newest.get(language)
    if (before?.hash.equals(hash)) continue
    const version = (before?.version ?? 0) + 1
    await insertText(trx, { petitionId, language, version, hash, content, now })
    versions.push({ language, version, hash })
  }
  return versions
}
