import type { Db } from '../database.ts'
import { type PetitionFiles, readPetitionFolder } from '../petition/files/petition-files.ts'
import { PetitionFilesError } from '../petition/files/read-source.ts'
import { lockPublishing } from '../petition/petition-rows.ts'
import type { Petitions } from '../petition/petitions.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { newTagKey } from '../sealing/email-tag.ts'
import { wrapTagKey } from '../sealing/signer-details.ts'
import type { Changes } from './changes.ts'
import { chooseRecipients } from './choose-recipients.ts'
import { type Published, publishPetition } from './publish-petition.ts'
import { surveyChanges } from './survey-changes.ts'

export interface PublishingNeeds {
  config: { production: boolean; dataDir: string }
  db: Db
  clock: Clock
  keyring: Keyring
  petitions: Petitions
}

/**
 * Publishes the petition in a folder.
 *
 * @param agree is shown what will change before anything does, and throws to call it off. Without it
 *   everything is agreed to
 * @throws PetitionFilesError naming file and field
 */
export async function publishFolder(
  needs: PublishingNeeds,
  folder: string,
  { isDemo = false, agree }: { isDemo?: boolean; agree?: (changes: Changes) => Promise<void> } = {},
): Promise<Published> {
  const files = await readPetitionFolder(folder)
  Object.assign(files.settings, await chooseRecipients(needs, files, { isDemo }))
  const { db, clock, keyring } = needs
  const changes = agree && (await surveyChanges(db, clock.now(), files))
  if (changes) await agree(changes)
  const makeTagKey = () => wrapTagKey(keyring, newTagKey())
  const published = await db.transaction().execute(async (trx) => {
    if (changes) await refuseIfChangedSince(trx, changes, clock.now(), files)
    return publishPetition(trx, { clock, makeTagKey }, files)
  })
  needs.petitions.drop()
  return published
}

/** What somebody agreed to must be what happens, where anything is lost by it. @throws PetitionFilesError */
async function refuseIfChangedSince(
  trx: Db,
  { slug, updatedAt }: Changes,
  now: Date,
  files: PetitionFiles,
): Promise<void> {
  await lockPublishing(trx, slug)
  const current = await surveyChanges(trx, now, files)
  if (current.losses.length === 0 || current.updatedAt?.getTime() === updatedAt?.getTime()) return
  throw new PetitionFilesError(
    `${slug} was changed meanwhile: publish again, to see what would change now`,
  )
}
