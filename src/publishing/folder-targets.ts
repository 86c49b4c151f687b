import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Acting } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { findPetitionRow } from '../petition/petition-rows.ts'
import { isAbsent } from '../platform/files/explain-errno.ts'
import type { TargetFacts } from '../target/facts.ts'
import { importTargets, removeIfUnasked } from '../target/import-targets.ts'
import { readTargets, type TargetInput } from '../target/read-targets.ts'
import type { TargetChanges } from '../target/survey-targets.ts'
import { tellTexts } from './tell-texts.ts'

const FILE = 'targets.yaml'

/**
 * Those whom a petition asks, as its folder has them. Null without the file: those that there are stay.
 * @throws PetitionFilesError naming line and field
 */
export async function readFolderTargets(folder: string): Promise<TargetInput[] | null> {
  const path = join(folder, FILE)
  const found = await lstat(path).catch((error: unknown) => {
    if (isAbsent(error)) return null
    throw error
  })
  return found && readTargets(path)
}

/**
 * @param removed those whom somebody agreed to take out; nobody is of whom something was noted since
 */
export async function publishTargets(
  trx: Db,
  acting: Acting,
  slug: string,
  asked: TargetInput[],
  { removed }: Pick<TargetChanges, 'removed'>,
): Promise<void> {
  const petition = (await findPetitionRow(trx, slug))!
  await importTargets(trx, acting, petition, asked)
  for (const { id } of removed) await removeIfUnasked(trx, acting, petition, id)
}

/** A line each. */
export function tellTargets({ added, changed, removed }: TargetChanges): string[] {
  return [
    ...added.map((one) => `target ${one.id}: new, ${describe(one)}`),
    ...changed.map(
      ({ before, after }) => `target ${after.id}: ${describe(before)} -> ${describe(after)}`,
    ),
    ...removed.map((one) => `target ${one.id}: taken out, ${describe(one)}`),
  ]
}

function describe({ country, office, name, contact, asked }: TargetInput): string {
  const texts = (of: TargetFacts['name']) => of && tellTexts(of)
  return [country, office ?? texts(name), contact, texts(asked)].filter(Boolean).join(' ')
}
