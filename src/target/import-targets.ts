import { isDeepStrictEqual } from 'node:util'
import type { Selectable } from 'kysely'
import { type Acting, type Facts, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { ExpectedError } from '../platform/expected-error.ts'
import type { Texts } from './facts.ts'
import type { TargetInput } from './read-targets.ts'
import {
  deleteTarget,
  findTarget,
  listEntries,
  listTargets,
  lockTargets,
  writeTarget,
} from './target.queries.ts'
import type { TargetTable } from './target.table.ts'

/** What is asked of a petition here. */
export interface Asking {
  id: number
  slug: string
  settings: { languages: string[] }
}

export class TargetError extends ExpectedError {}

export interface Imported {
  added: string[]
  changed: string[]
  /** Of the petition, and not in the file: they stay. */
  others: string[]
}

/**
 * Adds those who are not there yet, and changes what is told of the others. Nobody is taken out, and what was noted
 * of them stays. Importing the same again changes nothing.
 * @throws TargetError for a text that lacks one of the petition's languages
 */
export async function importTargets(
  trx: Db,
  acting: Acting,
  petition: Asking,
  given: TargetInput[],
): Promise<Imported> {
  requireTexts(petition, given)
  await lockTargets(trx, petition.id)
  const known = await listTargets(trx, petition.id)
  const outcome: Imported = { added: [], changed: [], others: [] }
  const changes: { before: Facts; after: Facts } = { before: {}, after: {} }
  const last = Math.max(0, ...known.map(({ place }) => place))
  for (const [index, { id: word, country, ...facts }] of given.entries()) {
    const before = known.find((each) => each.word === word)
    if (before && isDeepStrictEqual([before.country, before.facts], [country, facts])) continue
    outcome[before ? 'changed' : 'added'].push(word)
    const place = before?.place ?? last + index + 1
    await writeTarget(trx, { petition_id: petition.id, word, place, country, facts })
    if (before) changes.before[word] = { country: before.country, ...asFacts(before.facts) }
    changes.after[word] = { country, ...asFacts(facts) }
  }
  if (outcome.added.length + outcome.changed.length > 0) {
    await noteAction(trx, acting, { what: 'target import', petition, ...changes })
  }
  outcome.others = known
    .map(({ word }) => word)
    .filter((word) => !given.some(({ id }) => id === word))
  return outcome
}

/** @throws TargetError for a text that lacks one of the petition's languages */
export function requireTexts(petition: Pick<Asking, 'settings'>, given: TargetInput[]): void {
  for (const { id, name, asked } of given) {
    for (const text of [name, asked]) if (text) requireLanguages(petition, id, text)
  }
}

/**
 * Takes out one of whom nothing was noted yet.
 * @throws TargetError when there is no such target, or it has a history, which stays
 */
export async function removeTarget(
  trx: Db,
  acting: Acting,
  petition: Asking,
  word: string,
): Promise<void> {
  await lockTargets(trx, petition.id)
  const target = await getTarget(trx, petition, word)
  if ((await listEntries(trx, target.id)).length > 0) {
    throw new TargetError(`"${word}" was asked: what was noted of it stays, and so does it`)
  }
  await takeOut(trx, acting, petition, target)
}

/** For a file that doesn't have it any more. One of whom something was noted meanwhile stays. */
export async function removeIfUnasked(
  trx: Db,
  acting: Acting,
  petition: Asking,
  word: string,
): Promise<void> {
  await lockTargets(trx, petition.id)
  const target = await findTarget(trx, petition.id, word)
  if (!target || (await listEntries(trx, target.id)).length > 0) return
  await takeOut(trx, acting, petition, target)
}

async function takeOut(
  trx: Db,
  acting: Acting,
  petition: Asking,
  target: Selectable<TargetTable>,
): Promise<void> {
  await deleteTarget(trx, target.id)
  const before = { target: target.word, country: target.country, ...asFacts(target.facts) }
  await noteAction(trx, acting, { what: 'target remove', petition, before })
}

/** @throws TargetError when there is none */
export async function getTarget(trx: Db, petition: Asking, word: string) {
  const target = await findTarget(trx, petition.id, word)
  if (target) return target
  throw new TargetError(
    `there is no target "${word}": "undersigned target list ${petition.slug}" shows those there are`,
  )
}

/** @throws TargetError */
export function requireLanguages(
  { settings }: Pick<Asking, 'settings'>,
  word: string,
  texts: Texts,
): void {
  const missing = settings.languages.filter((language) => !Object.hasOwn(texts, language))
  if (missing.length === 0) return
  throw new TargetError(
    `"${word}" has a text that is not there in ${missing.join(', ')}: the petition is read in ${settings.languages.join(', ')}`,
  )
}

const asFacts = (facts: object): Facts => ({ ...(facts as Facts) })
