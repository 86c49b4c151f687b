import { type Clock, DAY } from '../platform/clock.ts'
import type { Zone } from '../platform/i18n/zone.ts'
import type { PetitionSettings } from './files/petition-files.ts'
import type { PetitionRow, PetitionTextRow } from './petition-rows.ts'

/** Mails that were under way when the petition closed may still be confirmed for so long. */
const CONFIRMATION_GRACE = DAY

/** The goal moves on when the count has come this near: a full bar would say "over", not "go on". */
const GOAL_IS_NEAR = 0.9

export interface Petition {
  id: number
  slug: string
  settings: PetitionSettings
  opensAt: Date
  /** See `closingOf`. */
  closesAt: Date | null
  closedByHand: boolean
  /** The zones in which the organisers wrote the two days; pages show them so. */
  opensZone: Zone
  closesZone: Zone
  updatedAt: Date
  /** Wrapped; null once the petition is archived. */
  tagKey: Buffer | null
  /** Whether signatures can be sealed to somebody; see `isReady`. */
  ready: boolean
  /** Newest first in each language. A map: an object would also answer to `constructor`. */
  texts: ReadonlyMap<string, PetitionTextRow[]>
}

/** Unready: no recipient yet to whom signers' data could be sealed, so it takes none. */
type PetitionState = 'unready' | 'upcoming' | 'open' | 'closed'

export function petitionState(petition: Petition, clock: Clock): PetitionState {
  const now = clock.now()
  // Archived: a petition that closed stays closed, whatever its files say later.
  if (!petition.tagKey) return 'closed'
  if (petition.closesAt && petition.closesAt <= now) return 'closed'
  // A clock that is set back takes back no opening that was past when it was published last.
  if (petition.opensAt > now && petition.opensAt > petition.updatedAt) return 'upcoming'
  return petition.ready ? 'open' : 'unready'
}

/** age recipients of the petition's signatures. */
export function recipientsOf(petition: { settings: PetitionSettings }): string[] {
  // Rows published before recipients existed lack the field.
  return petition.settings.recipients ?? []
}

/** Whether signers may ask for mails about the petition. */
export function offersUpdates({ settings }: Petition): boolean {
  // Rows published before this setting existed lack it.
  return settings.updates ?? true
}

/** Whether public figures stand still between the log's batches, and small cells are hidden. */
export function hasGuardedFigures({ settings }: Petition): boolean {
  return settings.figures !== 'live'
}

/** The first goal that is not yet near; beyond the last, the last doubled as often as it takes. */
export function raiseGoal(goals: readonly number[], counted: number): number {
  const listed = goals.find((goal) => counted < goal * GOAL_IS_NEAR)
  if (listed) return listed
  let goal = goals.at(-1)!
  while (counted >= goal * GOAL_IS_NEAR) goal *= 2
  return goal
}

/** Whether it was offered in the language once, and no longer is. */
export function isDropped({ settings, texts }: Petition, language: string): boolean {
  return texts.has(language) && !settings.languages.includes(language)
}

/** Whether public names wait until the organisers show them. */
export function reviewsNames({ settings }: Petition): boolean {
  return settings.names === 'reviewed'
}

/** Whether submissions may still be confirmed. */
export function takesConfirmations(
  { tagKey, closesAt }: Pick<Petition, 'tagKey' | 'closesAt'>,
  clock: Clock,
): boolean {
  if (!tagKey) return false
  if (!closesAt) return true
  return clock.now().getTime() < closesAt.getTime() + CONFIRMATION_GRACE
}

/** When it closes or closed, by date or by hand, whichever comes first; null when open-ended. */
export function closingOf({ closes_at, closed_at }: PetitionRow): Date | null {
  const closings = [closes_at, closed_at].filter((date) => date !== null)
  return closings.sort((a, b) => a.getTime() - b.getTime())[0] ?? null
}

/** The current text in the language, or in the petition's default one. */
export function currentText(petition: Petition, language: string): PetitionTextRow {
  const offered = petition.settings.languages
  const chosen = offered.includes(language) ? language : offered[0]!
  return petition.texts.get(chosen)![0]!
}

export function toPetition(row: PetitionRow, texts: PetitionTextRow[], ready: boolean): Petition {
  const opensZone = row.opens_zone ?? 'Z'
  const ownZone = row.settings.zone ?? row.closes_zone ?? opensZone
  const closedByHand = row.closed_at !== null && !(row.closes_at && row.closes_at <= row.closed_at)
  return {
    id: row.id,
    slug: row.slug,
    settings: row.settings,
    opensAt: row.opens_at,
    closesAt: closingOf(row),
    opensZone,
    closedByHand,
    closesZone: closedByHand ? ownZone : (row.closes_zone ?? ownZone),
    updatedAt: row.updated_at,
    tagKey: row.tag_key,
    ready,
    texts: new Map(
      [...new Set(texts.map((text) => text.language))].map((language) => [
        language,
        texts.filter((text) => text.language === language),
      ]),
    ),
  }
}
