import { newTagKey } from '../../sealing/email-tag.ts'
import { wrapTagKey } from '../../sealing/signer-details.ts'
import type { Services } from '../../services.ts'
import type { Changes } from './changes/changes.ts'
import { chooseRecipients } from './choose-recipients.ts'
import { readPetitionFolder } from './petition-files.ts'
import { type Published, publishPetition } from './publish-petition.ts'
import { surveyChanges } from './survey-changes.ts'

/**
 * Publishes the petition in a folder.
 *
 * @param agree is shown what will change before anything does, and throws to call it off; what somebody
 *   else publishes meanwhile calls it off, too. Without it everything is agreed to
 * @throws PetitionFilesError naming file and field
 */
export async function publishFolder(
  services: Pick<Services, 'config' | 'db' | 'clock' | 'keyring' | 'petitions'>,
  folder: string,
  { isDemo = false, agree }: { isDemo?: boolean; agree?: (changes: Changes) => Promise<void> } = {},
): Promise<Published> {
  const files = await readPetitionFolder(folder)
  Object.assign(files.settings, await chooseRecipients(services, files, { isDemo }))
  const { db, clock, keyring } = services
  const changes = agree && (await surveyChanges(db, clock.now(), files))
  if (changes) await agree(changes)
  const makeTagKey = () => wrapTagKey(keyring, newTagKey())
  const published = await db
    .transaction()
    .execute((trx) =>
      publishPetition(
        trx,
        { clock, makeTagKey },
        files,
        changes && { updatedAt: changes.updatedAt },
      ),
    )
  services.petitions.drop()
  return published
}
