import type { PetitionFiles, PetitionSettings } from '../petition/files/petition-files.ts'
import { explainNoMoment, type Moment, readMoment } from '../petition/files/read-moment.ts'
import { PetitionFilesError } from '../petition/files/read-source.ts'
import type { PetitionRow } from '../petition/petition-rows.ts'

/** Public at once, kept back as a draft, or published by itself at a time. */
export type PublishAs = 'published' | 'draft' | { at: Date }

/** Settings and days of a petition. */
export interface Terms {
  settings: PetitionSettings
  opens: Moment
  closes: Moment | null
}

export const termsOf = (row: PetitionRow): Terms => ({
  settings: row.settings,
  opens: { at: row.opens_at, zone: row.opens_zone ?? 'Z' },
  closes: row.closes_at && { at: row.closes_at, zone: row.closes_zone ?? 'Z' },
})

/**
 * Days such as +90d count from the first publishing, in drafts from now or the day that they wait for, so that publishing again doesn't move them.
 *
 * @throws PetitionFilesError when the two contradict each other, or one is no moment
 */
export function readDays(
  { opens, closes, settings }: PetitionFiles,
  since: Date,
): { opens: Moment; closes: Moment | null } {
  const read = (field: 'opens' | 'closes', text: string) => {
    const moment = readMoment(text, { end: field === 'closes', own: settings.zone ?? null, since })
    if (moment) return moment
    throw new PetitionFilesError(`petition.yaml: ${field} ${explainNoMoment(text)}`)
  }
  const days = {
    opens: read('opens', opens ?? '+0d'),
    closes: closes === null ? null : read('closes', closes),
  }
  if (days.closes && days.closes.at <= days.opens.at) {
    const start = opens === null ? 'the moment at which signing opens' : `opens (${opens})`
    throw new PetitionFilesError(`petition.yaml: closes (${closes}) must be later than ${start}`)
  }
  return days
}
