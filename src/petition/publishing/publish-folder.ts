import { newTagKey } from '../../sealing/email-tag.ts'
import { wrapTagKey } from '../../sealing/signer-details.ts'
import type { Services } from '../../services.ts'
import { chooseRecipients } from './choose-recipients.ts'
import { readPetitionFolder } from './petition-files.ts'
import { type Published, publishPetition } from './publish-petition.ts'

/** Publishes the petition in a folder. @throws PetitionFilesError naming file and field */
export async function publishFolder(
  services: Pick<Services, 'config' | 'db' | 'clock' | 'keyring' | 'petitions'>,
  folder: string,
  { isDemo = false } = {},
): Promise<Published> {
  const files = await readPetitionFolder(folder)
  Object.assign(files.settings, await chooseRecipients(services, files, { isDemo }))
  const { clock, keyring } = services
  const makeTagKey = () => wrapTagKey(keyring, newTagKey())
  const published = await services.db
    .transaction()
    .execute((trx) => publishPetition(trx, { clock, makeTagKey }, files))
  services.petitions.drop()
  return published
}
