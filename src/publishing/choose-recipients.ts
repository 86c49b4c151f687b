import type { Db } from '../database.ts'
import type { PetitionFiles } from '../petition/files/petition-files.ts'
import { PetitionFilesError } from '../petition/files/read-source.ts'
import type { Clock } from '../platform/clock.ts'
import { loadOrCreateDemoRecipient } from '../sealing/demo-key.ts'
import { listProvedRecipients } from '../sealing/recipients.ts'

/**
 * The recipients that the petition's signatures will be sealed to. In production these are the keys in
 * petition.yaml, each of them proved; elsewhere a petition without keys gets the demonstration's.
 *
 * @param isDemo the demonstration petition has no keys of its own: in production it is shown, not opened
 * @throws PetitionFilesError
 */
export async function chooseRecipients(
  {
    config,
    db,
    clock,
  }: {
    config: { production: boolean; dataDir: string }
    db: Db
    clock: Clock
  },
  files: PetitionFiles,
  { isDemo, isDraft = false }: { isDemo: boolean; isDraft?: boolean },
): Promise<{ recipients: string[]; demoKey: boolean }> {
  const { recipients } = files.settings
  if (config.production) {
    // Checked when it is published: a text may be written before the keys are made.
    if (isDraft) return { recipients, demoKey: false }
    if (recipients.length === 0 && !isDemo) throw new PetitionFilesError(NO_RECIPIENTS)
    await checkProved(db, recipients)
    return { recipients, demoKey: false }
  }
  if (recipients.length > 0) return { recipients, demoKey: false }
  const demo = await loadOrCreateDemoRecipient(config.dataDir, clock.now())
  return { recipients: [demo], demoKey: true }
}

const NO_RECIPIENTS =
  'petition.yaml: recipients is missing: without an organisers\' key to seal signatures to, the petition can\'t open; make two with "undersigned keys generate" and list their lines that begin with age1'

async function checkProved(db: Db, recipients: string[]): Promise<void> {
  const proved = await listProvedRecipients(db)
  const unproved = recipients.find((recipient) => !proved.includes(recipient))
  if (unproved) {
    throw new PetitionFilesError(
      `petition.yaml: the recipient ${unproved} has not been proved: let its holder open the output of "undersigned keys challenge ${unproved}", so that nobody signs to a key that opens nothing`,
    )
  }
}
