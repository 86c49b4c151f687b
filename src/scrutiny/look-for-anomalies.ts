import type { Db } from '../database.ts'
import { ago, type Clock, DAY, HOUR } from '../platform/clock.ts'
import {
  type Alert,
  closeAlerts,
  listAlerts,
  listNoted,
  noteAlert,
  readGroups,
  readHours,
} from './alert.queries.ts'
import { type Anomaly, findAnomalies, PAST_MS } from './find-anomalies.ts'
import { noteHours } from './note-hours.ts'

/** An alert that was not seen again for so long is over. */
const OVER_AFTER_MS = DAY
/** Of the groups that an alert names. */
const LEAST_GROUP = 5
const MOST_GROUPS = 200

/**
 * Once an hour: sums up the hour that has ended, and opens an alert for each trait that more of its forms, or of the
 * day's, have in common than the petition's own past explains.
 *
 * @returns the alerts that are new
 */
export async function lookForAnomalies(db: Db, clock: Clock): Promise<Alert[]> {
  const now = clock.now()
  const until = await noteHours(db, clock)
  const since = new Date(until.getTime() - PAST_MS - DAY)
  const opened: number[] = []
  const open = await listAlerts(db, { open: true })
  const today = { since: new Date(until.getTime() - DAY), until }
  for (const petitionId of await listNoted(db, today)) {
    const hours = await readHours(db, { petitionId, since, until })
    for (const anomaly of findAnomalies(hours, until.getTime(), sinceOf(open, petitionId))) {
      const named = await nameGroups(db, petitionId, anomaly, until)
      const { id, isNew } = await noteAlert(db, petitionId, named, now)
      if (isNew) opened.push(id)
    }
  }
  await closeAlerts(db, { seenBefore: ago(clock, OVER_AFTER_MS), now })
  return opened.length > 0 ? listAlerts(db, { ids: opened }) : []
}

/** Since when there is an open alert about a trait, by trait, in milliseconds. */
function sinceOf(open: Alert[], petitionId: number): Map<string, number> {
  const since = new Map<string, number>()
  for (const { trait, openedAt, figures, ...alert } of open) {
    if (alert.petitionId !== petitionId) continue
    const from = openedAt.getTime() - (figures.window === 'hour' ? HOUR : DAY) - HOUR
    since.set(trait, Math.min(from, since.get(trait) ?? from))
  }
  return since
}

async function nameGroups(
  db: Db,
  petitionId: number,
  anomaly: Anomaly,
  until: Date,
): Promise<Anomaly> {
  const { trait: kind, value, figures } = anomaly
  if (value !== 'shared' || (kind !== 'network' && kind !== 'domain')) return anomaly
  const length = figures.window === 'hour' ? HOUR : DAY
  const since = new Date(until.getTime() - length)
  const groups = { least: LEAST_GROUP, limit: MOST_GROUPS }
  const largest = await readGroups(db, { petitionId, kind, since, until }, groups)
  return { ...anomaly, figures: { ...figures, largest } }
}
