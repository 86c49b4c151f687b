import { type Acting, type Facts, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { PAUSE_REASONS, type Pause, type PauseReason } from '../petition/pause.ts'
import { closingOf } from '../petition/petition.ts'
import {
  findPetitionRow,
  lockPublishing,
  type PetitionRow,
  setStage,
} from '../petition/petition-rows.ts'
import { ExpectedError } from '../platform/expected-error.ts'

/** The petition is not in a state in which that can be done: says why, and what to do. */
export class StageError extends ExpectedError {}

const MAX_WORDS = 300

/** Locked until the transaction ends. @throws StageError when there is none */
export async function take(trx: Db, slug: string): Promise<PetitionRow> {
  await lockPublishing(trx, slug)
  const row = await findPetitionRow(trx, slug)
  if (row) return row
  throw new StageError(`there is no petition "${slug}": "undersigned petition list" shows those there are`) // biome-ignore format: one sentence
}

/** The same of one that is public. */
export async function takePublished(trx: Db, slug: string): Promise<PetitionRow> {
  const row = await take(trx, slug)
  if (row.published_at) return row
  throw new StageError(`${slug} is a draft, which nobody can see: publish its folder first`)
}

/**
 * Takes no form from now on, until `resume`; mails under way may still be confirmed.
 *
 * @param words the organisers' own, by language, in place of those of the reason: in each of its languages, or none
 */
export async function pausePetition(
  trx: Db,
  acting: Acting,
  slug: string,
  { reason, words }: { reason: PauseReason; words: Record<string, string> },
): Promise<void> {
  const row = await takePublished(trx, slug)
  const now = acting.clock.now()
  const closes = closingOf(row)
  if (!row.tag_key || (closes && closes <= now)) throw new StageError(`${slug} is closed: there is nothing to pause`) // biome-ignore format: one sentence
  if (!PAUSE_REASONS.includes(reason)) throw new StageError(`a pause needs a reason: ${PAUSE_REASONS.join(', ')}`) // biome-ignore format: one sentence
  checkWords(row, words, 'the words')
  const pause: Pause = { reason, words, since: row.pause?.since ?? now.toISOString() }
  await setStage(trx, row.id, { pause }, now)
  const [before, after] = [row.pause, pause].map(toFacts)
  await noteAction(trx, acting, { what: 'petition pause', petition: row, before, after })
}

export async function resumePetition(trx: Db, acting: Acting, slug: string): Promise<void> {
  const row = await takePublished(trx, slug)
  if (!row.pause) throw new StageError(`${slug} is not paused: nothing to do`)
  await setStage(trx, row.id, { pause: null }, acting.clock.now())
  const before = toFacts(row.pause)
  await noteAction(trx, acting, { what: 'petition resume', petition: row, before })
}

/** Its texts are shown nowhere, and it takes nothing, until `show`; its count, its log and leaving it stay. */
export async function hidePetition(trx: Db, acting: Acting, slug: string): Promise<void> {
  const row = await takePublished(trx, slug)
  if (row.hidden_at) throw new StageError(`${slug} is hidden already: nothing to do`)
  const now = acting.clock.now()
  await setStage(trx, row.id, { hidden_at: now }, now)
  const after = { hidden: now.toISOString() }
  await noteAction(trx, acting, { what: 'petition hide', petition: row, after })
}

export async function showPetition(trx: Db, acting: Acting, slug: string): Promise<void> {
  const row = await takePublished(trx, slug)
  if (!row.hidden_at) throw new StageError(`${slug} is not hidden: nothing to do`)
  await setStage(trx, row.id, { hidden_at: null }, acting.clock.now())
  const before = { hidden: row.hidden_at.toISOString() }
  await noteAction(trx, acting, { what: 'petition show', petition: row, before })
}

/** @throws StageError unless there is a text in each of the petition's languages, or in none */
export function checkWords(row: PetitionRow, words: Record<string, string>, what: string): void {
  const given = Object.keys(words)
  if (given.length === 0) return
  const { languages } = row.settings
  const missing = languages.filter((language) => !given.includes(language))
  const unknown = given.filter((language) => !languages.includes(language))
  if (missing.length > 0) throw new StageError(`${what} is missing in ${missing.join(', ')}: readers of each language need it`) // biome-ignore format: one sentence
  if (unknown.length > 0) throw new StageError(`${row.slug} is not in ${unknown.join(', ')}: its languages are ${languages.join(', ')}`) // biome-ignore format: one sentence
  const long = given.find((language) => !words[language]!.trim() || words[language]!.length > MAX_WORDS) // biome-ignore format: one line
  if (long) throw new StageError(`${what} in ${long} must have 1 to ${MAX_WORDS} characters`)
}

export const toFacts = (value: object | null): Facts | null =>
  value && (JSON.parse(JSON.stringify(value)) as Facts)
