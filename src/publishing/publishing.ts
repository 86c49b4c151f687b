import { fileURLToPath } from 'node:url'
import type { Db } from '../database.ts'
import { type PetitionFiles, readPetitionFolder } from '../petition/files/petition-files.ts'
import { PetitionFilesError } from '../petition/files/read-source.ts'
import { lockPublishing } from '../petition/petition-rows.ts'
import type { Petitions } from '../petition/petitions.ts'
import type { Clock } from '../platform/clock.ts'
import { hasSqlState } from '../platform/database/sql-state.ts'
import type { Keyring } from '../platform/keyring.ts'
import { newTagKey, wrapTagKey } from '../sealing/signer-details.ts'
import { chooseRecipients } from './choose-recipients.ts'
import {
  archivePetition,
  closePetition,
  type DeleteOutcome,
  deletePetition,
  reopenPetition,
} from './end-petition.ts'
import { publishPetition } from './publish-petition.ts'
import { type Changes, surveyChanges } from './survey-changes.ts'

export const DEMO = fileURLToPath(new URL('./demo', import.meta.url))

interface PublishingNeeds {
  config: { production: boolean; dataDir: string }
  db: Db
  clock: Clock
  keyring: Keyring
  petitions: Pick<Petitions, 'drop'>
}

interface PublishOptions {
  /** The demonstration has no keys of its own. */
  isDemo?: boolean
  /** Is shown the changes before any is made, and throws to call them off; without it all are agreed to. */
  agree?: (changes: Changes) => Promise<void>
}

export type Publishing = ReturnType<typeof createPublishing>

/** The life of a petition: published from a folder, closed, reopened, archived or deleted. */
export function createPublishing(needs: PublishingNeeds) {
  const { db, clock, petitions } = needs
  const change = async <T>(work: (trx: Db) => Promise<T>): Promise<T> => {
    const outcome = await db.transaction().execute(work)
    petitions.drop()
    return outcome
  }
  /** @throws PetitionFilesError naming file and field */
  const publish = async (folder: string, { isDemo = false, agree }: PublishOptions = {}) => {
    const files = await readPetitionFolder(folder)
    Object.assign(files.settings, await chooseRecipients(needs, files, { isDemo }))
    const changes = agree && (await surveyChanges(db, clock.now(), files))
    if (changes) await agree(changes)
    const makeTagKey = () => wrapTagKey(needs.keyring, newTagKey())
    return change(async (trx) => {
      if (changes) await refuseIfChangedSince(trx, changes, clock.now(), files)
      return publishPetition(trx, { clock, makeTagKey }, files)
    })
  }
  return {
    publish,
    /** The first campaign, which every newcomer sees; publishing it again changes nothing. */
    publishDemo: () => publish(DEMO, { isDemo: true }),
    close: (slug: string) => change((trx) => closePetition(trx, clock, slug)),
    reopen: (slug: string) => change((trx) => reopenPetition(trx, clock, slug)),
    archive: (slug: string) => change((trx) => archivePetition(trx, clock, slug)),
    delete: (slug: string): Promise<DeleteOutcome> =>
      change((trx) => deletePetition(trx, clock, slug)).catch((error: unknown) => {
        if (hasSqlState(error, 'foreignKeyViolation')) return 'signed'
        throw error
      }),
  }
}

/**
 * The changes that were agreed to must be those that are made, where anything is lost by them.
 * @throws PetitionFilesError
 */
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
    `${slug} was changed meanwhile: publish again, to see the changes as they are now`,
  )
}
