import type { Selectable } from 'kysely'
import { answersPath, updatePath } from '../petition/paths.ts'
import type { Petition } from '../petition/petition.ts'
import type { Stage } from '../petition/stages.ts'
import { MINUTE } from '../platform/clock.ts'
import type { Target } from '../target/target-state.ts'
import { milestoneOf } from '../update/mail/mail-milestones.ts'
import type { Update } from '../update/updates.ts'
import type { WebhookToldTable } from './webhook.table.ts'

export const EVENTS = [
  'count.moved',
  'milestone.reached',
  'update.published',
  'answer.noted',
  'state.changed',
] as const
export type EventType = (typeof EVENTS)[number]

export interface WebhookEvent {
  type: EventType
  data: Record<string, unknown>
}

export type Told = Omit<Selectable<WebhookToldTable>, 'petition_id'>

/** A petition as everybody can see it now. */
export interface Sight {
  petition: Petition
  stage: Stage
  /** The published figure. */
  counted: number
  updates: Update[]
  targets: Target[]
}

/**
 * What has become different since it was told last. Only what the petition's page shows as well: no figure that is not
 * public, and nothing of a signer.
 *
 * @param told null of a petition that is new
 */
export function findEvents(
  told: Told | null,
  sight: Sight,
  { now, publicUrl }: { now: Date; publicUrl: string },
): { events: WebhookEvent[]; told: Told } {
  const next = toldNow(sight, now)
  if (!told) return { events: [stateChanged(null, next)], told: next }
  const events: WebhookEvent[] = []
  const hasChanged = next.stage !== told.stage || next.hidden !== told.hidden
  if (hasChanged) events.push(stateChanged(told, next))
  if (next.milestone > told.milestone) {
    const { milestone, counted } = next
    events.push({ type: 'milestone.reached', data: { milestone, counted } })
  } else next.milestone = told.milestone
  const isOtherMinute = minuteOf(now) !== minuteOf(told.counted_at)
  if (next.counted !== told.counted && isOtherMinute) {
    events.push({ type: 'count.moved', data: { counted: next.counted, before: told.counted } })
  } else Object.assign(next, { counted: told.counted, counted_at: told.counted_at })
  // The pages that these lead to say that the texts are hidden: they are told once it is shown again.
  if (next.hidden) Object.assign(next, { update_id: told.update_id, entry_id: told.entry_id })
  else events.push(...newUpdates(told, sight, publicUrl), ...newAnswers(told, sight, publicUrl))
  return { events, told: next }
}

/** As if all of it had been told. */
export const toldNow = (
  { petition, stage, counted, updates, targets }: Sight,
  now: Date,
): Told => ({
  stage,
  hidden: petition.hiddenAt !== null,
  counted,
  counted_at: now,
  milestone: milestoneOf(counted) ?? 0,
  update_id: Math.max(0, ...updates.map(({ id }) => id)),
  entry_id: Math.max(0, ...targets.flatMap(({ entries }) => entries.map(({ id }) => id))),
})

const minuteOf = (moment: Date) => Math.floor(moment.getTime() / MINUTE)

const stateChanged = (before: Told | null, { stage, hidden }: Told): WebhookEvent => ({
  type: 'state.changed',
  data: { stage, hidden, before: before && { stage: before.stage, hidden: before.hidden } },
})

function newUpdates(told: Told, { petition, updates }: Sight, publicUrl: string): WebhookEvent[] {
  return updates
    .filter(({ id }) => id > told.update_id)
    .sort((a, b) => a.id - b.id)
    .map(({ name, texts, publishedAt }) => ({
      type: 'update.published',
      data: {
        name,
        publishedAt: publishedAt.toISOString(),
        titles: Object.fromEntries([...texts].map(([language, { title }]) => [language, title])),
        urls: Object.fromEntries(
          [...texts.keys()].map((language) => [
            language,
            `${publicUrl}${updatePath(petition.slug, name)(language)}`,
          ]),
        ),
      },
    }))
}

/** Answers, and that one of them never happened. */
function newAnswers(told: Told, { petition, targets }: Sight, publicUrl: string): WebhookEvent[] {
  const [language] = petition.settings.languages
  const url = `${publicUrl}${answersPath(petition.slug)(language!)}`
  return targets
    .flatMap(({ word, country, entries }) => entries.map((entry) => ({ word, country, entry })))
    .filter(({ entry }) => entry.id > told.entry_id && entry.kind !== 'asked')
    .sort((a, b) => a.entry.id - b.entry.id)
    .map(({ word, country, entry }) => ({
      type: 'answer.noted',
      data: {
        target: word,
        country,
        entry: entry.id,
        kind: entry.kind,
        stance: entry.stance,
        on: entry.happened_on,
        corrects: entry.corrects,
        url,
      },
    }))
}
