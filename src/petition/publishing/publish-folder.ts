import { newTagKey } from '../../sealing/email-tag.ts'
import { wrapTagKey } from '../../sealing/signer-details.ts'
import type { Services } from '../../services.ts'
import { readPetitionFolder } from './petition-files.ts'
import { type Published, publishPetition } from './publish-petition.ts'

/** Publishes the petition in a folder. @throws PetitionFilesError naming file and field */
export async function publishFolder(
  services: Pick<Services, 'db' | 'clock' | 'keyring' | 'petitions'>,
  folder: string,
): Promise<Published> {
  const files = await readPetitionFolder(folder)
  const { clock, keyring } = services
  const makeTagKey = () => wrapTagKey(keyring, newTagKey())
  const published = await services.db
    .transaction()
    .execute((trx) => publishPetition(trx, { clock, makeTagKey }, files))
  services.petitions.drop()
  return published
}
