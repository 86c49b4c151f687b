import type { Moment } from '../petition/files/read-moment.ts'
import { recipientsOf } from '../petition/petition.ts'
import { nameOf, toIso } from '../platform/zone.ts'
import type { Changes, Published } from './changes.ts'

interface Given {
  before: Published
  after: Published
  texts: Changes['texts']
  /** Whether anybody has signed. */
  signed: boolean
  unsaid: { opens: boolean }
}

/** What readers, signers or organisers would lose, each in words: none of it happens without a yes. */
export function listLosses({ before, after, texts, signed, unsaid }: Given): string[] {
  const { settings: old } = before
  const { settings } = after
  const losses: string[] = []
  for (const language of missing(old.languages, settings.languages)) {
    losses.push(
      `the language ${language} is dropped: its links lead to ${settings.languages[0]} from then on`,
    )
  }
  if (unsaid.opens && before.opens.at.getTime() !== after.opens.at.getTime()) {
    losses.push(`the day it opens, ${writeMoment(before.opens)}, is dropped`)
  }
  if (before.closes && !after.closes) {
    losses.push(`the day it closes, ${writeMoment(before.closes)}, is dropped: it has no end then`)
  }
  // The demonstration's key lies on the server: nobody loses by it.
  for (const recipient of old.demoKey ? [] : missing(recipientsOf(before), recipientsOf(after))) {
    losses.push(`the recipient ${recipient} is dropped: its key opens nothing signed from then on`)
  }
  for (const id of missing(idsOf(old.organisers), idsOf(settings.organisers))) {
    losses.push(`the organiser ${id} is dropped`)
  }
  if (old.contact && !settings.contact) losses.push(`the contact ${old.contact} is dropped`)
  if ((old.updates ?? true) && settings.updates === false) {
    losses.push('the list for updates is dropped: every address on it is erased')
  }
  if (old.figures !== 'live' && settings.figures === 'live') {
    losses.push('figures follow each confirmation: from them people may tell who signed and when')
  }
  if (!signed) return losses
  for (const { language, version, before: text } of texts) {
    if (text === null) continue
    losses.push(
      `people have signed: who signed before version ${version} in ${language} has signed another text`,
    )
  }
  return losses
}

/** As ISO 8601, and where that is. */
export const writeMoment = ({ at, zone }: Moment) => `${toIso(at, zone)} (${nameOf(zone, at)})`

const missing = (before: string[], after: string[]) => before.filter((one) => !after.includes(one))

const idsOf = (entries: { id: string }[]) => entries.map(({ id }) => id)
