import { type Clock, DAY } from '../platform/clock.ts'
import type { Zone } from '../platform/i18n/zone.ts'
import type { Delivery } from './delivery.ts'
import type { PetitionSettings } from './files/petition-files.ts'
import type { Pause } from './pause.ts'
import type { PetitionRow, PetitionTextRow } from './petition-rows.ts'

export type { PetitionTextRow }

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
  /** Null: a draft, which only those see who have its preview's address. */
  publishedAt: Date | null
  /** When a draft is published by itself. */
  publishAt: Date | null
  preview: { id: string; until: Date } | null
  pause: Pause | null
  hiddenAt: Date | null
  delivery: Delivery | null
  /** Newest first in each language. A map: an object would also answer to `constructor`. */
  texts: ReadonlyMap<string, PetitionTextRow[]>
}

/**
 * | state     | because                                      | its page    | forms          | mailed links to confirm |
 * |-----------|----------------------------------------------|-------------|----------------|-------------------------|
 * | draft     | never published                              | 404; secret preview | 404    | there are none          |
 * | scheduled | a draft that is published by itself          | the same    | 404            | there are none          |
 * | unready   | no proved recipient to seal to               | says so     | 403            | confirm                 |
 * | upcoming  | opens later                                  | says so     | 403            | confirm                 |
 * | open      |                                              | with a form | 303            | confirm                 |
 * | paused    | the organisers paused it, with a reason      | says so     | 403, kept      | confirm                 |
 * | closed    | by its day, by hand, or archived             | says so     | 410            | for a day, then 410     |
 * | delivered | closed, and handed over                      | says so     | 410            | 410: the count stands   |
 * | answered  | delivered, and answered                      | says so     | 410            | 410                     |
 *
 * Beside these a petition may be hidden, which hides its texts and takes nothing: page, form and mailed links to confirm
 * answer 410 until it is shown again; leaving, the privacy page, the count and the log stay. A petition that was
 * published and then deleted, before anybody signed, answers 410 everywhere.
 */
type PetitionState =
  | 'draft'
  | 'scheduled'
  | 'unready'
  | 'upcoming'
  | 'open'
  | 'paused'
  | 'closed'
  | 'delivered'
  | 'answered'

export function petitionState(petition: Petition, clock: Clock): PetitionState {
  const now = clock.now()
  if (!petition.publishedAt) return petition.publishAt ? 'scheduled' : 'draft'
  // Only a closed one is delivered, and it stays closed, whatever its files say later.
  if (petition.delivery) return petition.delivery.answered ? 'answered' : 'delivered'
  // Archived: a petition that closed stays closed, whatever its files say later.
  if (!petition.tagKey) return 'closed'
  if (petition.closesAt && petition.closesAt <= now) return 'closed'
  // A clock that is set back takes back no opening that was past when it was published last.
  if (petition.opensAt > now && petition.opensAt > petition.updatedAt) return 'upcoming'
  if (petition.pause) return 'paused'
  return petition.ready ? 'open' : 'unready'
}

const ENDED: readonly PetitionState[] = ['closed', 'delivered', 'answered']

/** Closed, whatever came of it since. */
export const hasEnded = (petition: Petition, clock: Clock): boolean =>
  ENDED.includes(petitionState(petition, clock))

/** age recipients of the petition's signatures. */
export function recipientsOf(petition: { settings: PetitionSettings }): string[] {
  // Rows published before recipients existed lack the field.
  return petition.settings.recipients ?? []
}

/** Whether signers may ask for mails about the petition. */
export function offersUpdates({
  settings,
}: {
  settings: Pick<PetitionSettings, 'updates'>
}): boolean {
  // Rows published before this setting existed lack it.
  return settings.updates ?? true
}

/** Whether subscribers are mailed when the public count reaches 100, 1,000 and so on. */
export function mailsMilestones({ settings }: Petition): boolean {
  return settings.milestones ?? false
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
export function reviewsNames({ settings }: { settings: Pick<PetitionSettings, 'names'> }): boolean {
  return settings.names === 'reviewed'
}

/**
 * Sites that may hold the form in a frame, as `frame-ancestors` takes them; null where none may. A site that holds the
 * form can notice that its reader sent one: organisers name the sites that they trust with that.
 */
export function formFrames({ settings }: Petition): string | null {
  const { embed = [] } = settings
  if (embed.includes('anywhere')) return '*'
  return embed.length > 0 ? embed.join(' ') : null
}

/** Whether submissions may still be confirmed. */
export function takesConfirmations(
  petition: Pick<Petition, 'tagKey' | 'closesAt' | 'delivery' | 'hiddenAt'>,
  clock: Clock,
): boolean {
  // Nobody confirms a text that can't be read; the link works again once it is shown.
  return !petition.hiddenAt && confirmsUntil(petition, clock) !== null
}

/** Until when mailed links confirm, hidden or not; null once they have ended for good. */
export function confirmsUntil(
  { tagKey, closesAt, delivery }: Pick<Petition, 'tagKey' | 'closesAt' | 'delivery'>,
  clock: Clock,
): Date | 'no end' | null {
  // The count that was handed over stands.
  if (!tagKey || delivery) return null
  if (!closesAt) return 'no end'
  const end = new Date(closesAt.getTime() + CONFIRMATION_GRACE)
  return clock.now() < end ? end : null
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

export function organiserNames(petition: Petition, language: string): string[] {
  const { content } = currentText(petition, language)
  return petition.settings.organisers.map(({ id }) => content.organisers[id] ?? id)
}

/** In which its organisers read the clock. */
export const zoneOf = ({ settings, opensZone }: Pick<Petition, 'settings' | 'opensZone'>): Zone =>
  settings.zone ?? opensZone

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
    publishedAt: row.published_at,
    publishAt: row.publish_at,
    preview:
      row.preview_id && row.preview_until ? { id: row.preview_id, until: row.preview_until } : null,
    pause: row.pause,
    hiddenAt: row.hidden_at,
    delivery: row.delivery,
    texts: new Map(
      [...new Set(texts.map((text) => text.language))].map((language) => [
        language,
        texts.filter((text) => text.language === language),
      ]),
    ),
  }
}
