import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import { DAY } from '../platform/clock.ts'
import { hasOverride, stripUnseen } from '../platform/strip-unseen.ts'
import type { Texts } from './facts.ts'
import { getTarget, requireLanguages, TargetError } from './import-targets.ts'
import { insertEntry, listEntries, lockTargets } from './target.queries.ts'
import type { Stance } from './target.table.ts'
import { type Entry, standingEntries } from './target-state.ts'

/** In characters; some two pages. */
const ANSWER_MAX = 4000
const WEB_ADDRESS = /^https?:\/\/[^\s\p{Cc}]{3,1000}$/u

export interface Answer {
  stance: Stance
  /** Day, as 2024-03-01. */
  on: string
  /** In each of the petition's languages. */
  texts: Texts
  /** Where everybody can read it; null for a letter that is nowhere public. */
  source: string | null
}

/** They were asked on a day. @throws TargetError @returns the entry's number */
export async function noteAsked(
  trx: Db,
  acting: Acting,
  petition: Petition,
  { word, on, corrects = null }: { word: string; on: string; corrects?: number | null },
): Promise<number> {
  const entry = { kind: 'asked', happened_on: readDay(on, acting), texts: null } as const
  return addEntry(trx, acting, petition, { word, corrects, entry })
}

/** @throws TargetError @returns the entry's number */
export async function noteAnswer(
  trx: Db,
  acting: Acting,
  petition: Petition,
  { word, answer, corrects = null }: { word: string; answer: Answer; corrects?: number | null },
): Promise<number> {
  requireLanguages(petition, word, answer.texts)
  if (answer.source !== null && !WEB_ADDRESS.test(answer.source)) {
    throw new TargetError('the source is an address that starts with https:// or http://')
  }
  const entry = {
    kind: 'answered',
    happened_on: readDay(answer.on, acting),
    stance: answer.stance,
    texts: JSON.stringify(readTexts(petition, answer.texts)),
    source: answer.source,
  } as const
  return addEntry(trx, acting, petition, { word, corrects, entry })
}

/** What an entry tells never happened. The entry stays to be read, and counts no more. @throws TargetError */
export async function noteMistake(
  trx: Db,
  acting: Acting,
  petition: Petition,
  { word, corrects }: { word: string; corrects: number },
): Promise<number> {
  const today = acting.clock.now().toISOString().slice(0, 10)
  const entry = { kind: 'mistake', happened_on: today, texts: null } as const
  return addEntry(trx, acting, petition, { word, corrects, entry })
}

interface NewEntry {
  word: string
  corrects: number | null
  entry: Pick<Entry, 'kind' | 'happened_on'> &
    Partial<Pick<Entry, 'stance' | 'source'>> & { texts: string | null }
}

async function addEntry(
  trx: Db,
  acting: Acting,
  petition: Petition,
  { word, corrects, entry }: NewEntry,
): Promise<number> {
  await lockTargets(trx, petition.id)
  const target = await getTarget(trx, petition, word)
  const standing = standingEntries(await listEntries(trx, target.id))
  if (corrects !== null && !standing.some(({ id }) => id === corrects)) {
    throw new TargetError(
      `"${word}" has no entry ${corrects} that could be corrected: "undersigned target history ${petition.slug} ${word}" shows them`,
    )
  }
  const isSame = ({ id, kind, happened_on }: Entry) =>
    id !== corrects && kind === entry.kind && happened_on === entry.happened_on
  const same = standing.find(isSame)
  if (same) {
    throw new TargetError(
      `that "${word}" ${entry.kind === 'asked' ? 'was asked' : 'answered'} on ${entry.happened_on} is entry ${same.id} already: change it with --corrects ${same.id}`,
    )
  }
  const row = { ...entry, target_id: target.id, noted_at: acting.clock.now(), corrects }
  const id = await insertEntry(trx, row)
  const { texts: _, ...told } = entry
  const what =
    entry.kind === 'asked'
      ? 'target ask'
      : entry.kind === 'answered'
        ? 'target answer'
        : 'target mistake'
  await noteAction(trx, acting, {
    what,
    petition,
    after: { target: word, entry: id, corrects, ...told },
  })
  return id
}

/** Somewhere it is tomorrow already. @throws TargetError */
function readDay(text: string, { clock }: Acting): string {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : null
  const isDay = day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
  if (!isDay) throw new TargetError(`"${text}" is no day: write it as 2024-03-01`)
  if (day.getTime() <= clock.now().getTime() + DAY / 2) return text
  throw new TargetError(`${text} is yet to come: note what has happened`)
}

/** @throws TargetError */
function readTexts({ settings }: Petition, texts: Texts): Texts {
  return Object.fromEntries(
    settings.languages.map((language) => {
      const text = stripUnseen(texts[language]!.replace(/\r\n?/g, '\n')).normalize('NFC').trim()
      if (!text || text.length > ANSWER_MAX) {
        throw new TargetError(`the text in "${language}" must have 1 to ${ANSWER_MAX} characters`)
      }
      if (hasOverride(text)) {
        throw new TargetError(
          `the text in "${language}" has an unseen character that turns the writing round (U+202D or U+202E): type it anew`,
        )
      }
      return [language, text]
    }),
  )
}
