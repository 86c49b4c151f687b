import type { Db } from '../database.ts'
import { enqueueRecipients, enqueueText, hashRecipients } from '../log/enqueue-entry.ts'
import { forgetDeleted } from '../petition/deleted-petitions.ts'
import type { PetitionSettings } from '../petition/files/petition-files.ts'
import { recipientsOf } from '../petition/petition.ts'
import {
  findPetitionRow,
  listDue,
  lockPublishing,
  newestTexts,
  setStage,
} from '../petition/petition-rows.ts'
import type { Clock } from '../platform/clock.ts'

interface Announced {
  id: number
  slug: string
}

/** What the public log says of a petition that becomes public: its recipients, and the hash of each text. */
export async function announce(
  trx: Db,
  petition: Announced,
  settings: PetitionSettings,
): Promise<void> {
  await forgetDeleted(trx, petition.slug)
  await announceRecipients(trx, petition, [], recipientsOf({ settings }))
  const texts = await newestTexts(trx, petition.id)
  const place = ({ language }: { language: string }) => settings.languages.indexOf(language)
  for (const text of texts.toSorted((a, b) => place(a) - place(b))) {
    await enqueueText(trx, petition, text)
  }
}

/** Logs the recipients when they change, so that everyone can see a swapped key. */
export async function announceRecipients(
  trx: Db,
  petition: Announced,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  if (hashRecipients([...before]) === hashRecipients([...after])) return
  await enqueueRecipients(trx, petition, [...after])
}

/**
 * Publishes the drafts whose time has come, each in a transaction of its own. Safe to repeat, and in several workers.
 *
 * @returns their slugs
 */
export async function publishDue(db: Db, clock: Clock): Promise<string[]> {
  const published: string[] = []
  for (const slug of await listDue(db, clock.now())) {
    const isDone = await db.transaction().execute(async (trx) => {
      await lockPublishing(trx, slug)
      // Read behind the lock: it may have been published, put off or deleted meanwhile.
      const row = await findPetitionRow(trx, slug)
      const now = clock.now()
      if (!row?.publish_at || row.published_at || row.publish_at > now) return false
      await setStage(trx, row.id, { published_at: now, publish_at: null }, now)
      await announce(trx, row, row.settings)
      return true
    })
    if (isDone) published.push(slug)
  }
  return published
}
