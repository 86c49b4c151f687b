import type { Selectable } from 'kysely'
import { DAY } from '../platform/clock.ts'
import type { Stance, TargetEntryTable, TargetTable } from './target.table.ts'

/** From so many days on, one who was asked counts as silent. */
const SILENT_FROM_DAYS = 14

export type Entry = Selectable<TargetEntryTable>

export interface Target extends Omit<Selectable<TargetTable>, 'petition_id'> {
  /** In the order in which they were noted. */
  entries: Entry[]
}

export type TargetState =
  | { is: 'unasked' }
  | { is: 'asked' | 'silent'; on: string; days: number }
  | { is: 'answered'; stance: Stance; entry: Entry }

/** Entries that no later one has taken the place of, the newest first. */
export function standingEntries(entries: Entry[]): Entry[] {
  const corrected = new Set(entries.map(({ corrects }) => corrects))
  return entries
    .filter(({ id, kind }) => kind !== 'mistake' && !corrected.has(id))
    .sort((a, b) => b.happened_on.localeCompare(a.happened_on) || b.id - a.id)
}

/** An answer stands until another is given. Silence is told by the days since the first time they were asked. */
export function stateOf({ entries }: Pick<Target, 'entries'>, now: Date): TargetState {
  const standing = standingEntries(entries)
  const answer = standing.find(({ kind }) => kind === 'answered')
  if (answer) return { is: 'answered', stance: answer.stance!, entry: answer }
  const first = standing.at(-1)
  if (!first) return { is: 'unasked' }
  const days = daysSince(first.happened_on, now)
  return { is: days < SILENT_FROM_DAYS ? 'asked' : 'silent', on: first.happened_on, days }
}

const daysSince = (day: string, now: Date) =>
  Math.max(0, Math.floor((now.getTime() - Date.parse(day)) / DAY))
