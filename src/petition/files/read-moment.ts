import { DAY } from '../../platform/clock.ts'
import { isZone, momentOf, nameOf, toIso, type Zone } from '../../platform/i18n/zone.ts'

/** The moment at which signing opens or closes, and the zone in which it was written. */
export interface Moment {
  at: Date
  zone: Zone
}

/** `2030-03-01`, a time after `T` or a space, and an offset, `[Area/City]` or ` Area/City` behind it. */
const WRITTEN =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d))?)?(Z|[+-]\d\d:\d\d|\[[\w/+-]+\]| [\w/+-]+)?$/
const DAYS = /^([+-]\d{1,4})d$/
const LAST_SECOND = '23:59:59'

export const MOMENT_HINT =
  'takes a date and time with its zone, such as 2030-03-01T09:00+01:00 or 2030-03-01 09:00 Europe/Vienna, a day such as 2030-03-01 where the file has a zone, or days, such as +90d'

/** Advice for a text that `readMoment` can't read. */
export function explainNoMoment(text: string): string {
  const [day] = /^\d{4}-\d\d-\d\d/.exec(text) ?? []
  return day && !isDay(day) ? `is on ${day}, a day that no calendar has` : MOMENT_HINT
}

function isDay(day: string): boolean {
  const start = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day)
}

/**
 * The moment of `opens` or `closes`. A day alone is that whole day in the organisers' zone: signing opens
 * as it begins and closes as it ends.
 *
 * @param own the organisers' zone, of petition.yaml; null if not given
 * @param since the start of relative days such as +90d
 * @returns null when it is no moment, or lacks a zone
 */
export function readMoment(
  text: string,
  { end, own, since }: { end: boolean; own: Zone | null; since: Date },
): Moment | null {
  const days = DAYS.exec(text)?.[1]
  if (days) return { at: new Date(since.getTime() + Number(days) * DAY), zone: own ?? 'Z' }
  const [, day, time = end ? LAST_SECOND : '00:00', seconds, behind] = WRITTEN.exec(text) ?? []
  const zone = behind?.replace(/^[[ ]|\]$/g, '') ?? own
  if (!day || !zone || !isZone(zone)) return null
  const written = `${day}T${time}${time === LAST_SECOND ? '' : `:${seconds ?? '00'}`}`
  const wall = new Date(`${written}Z`)
  // The 30th of February would else be the 2nd of March.
  if (Number.isNaN(wall.getTime()) || !wall.toISOString().startsWith(written)) return null
  return { at: momentOf(wall.getTime(), zone), zone }
}

/** As ISO 8601, and the zone's name. */
export const writeMoment = ({ at, zone }: Moment) => `${toIso(at, zone)} (${nameOf(zone, at)})`
