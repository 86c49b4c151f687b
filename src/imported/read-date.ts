import type { Origin } from './map-columns.ts'

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s?(?:Z|UTC|[+-]\d\d:?\d\d)?$/
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? \d\d:\d\d(?::\d\d)?)?$/
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:,? \d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?)?$/

/** American sites: 3/14/2024. Anywhere else nobody can tell which of the two the month is. */
const MONTH_FIRST: readonly Origin[] = ['change.org', 'actionnetwork']

/** The day of a signature as ISO 8601, without a time that the file may mean in any zone; null for what is no day. */
export function readDate(text: string, origin: Origin): string | null {
  const iso = ISO.exec(text)
  if (iso) return toDay(iso[1]!, iso[2]!, iso[3]!)
  const dotted = DOTTED.exec(text)
  if (dotted) return toDay(dotted[3]!, dotted[2]!, dotted[1]!)
  const slashed = SLASHED.exec(text)
  if (slashed && MONTH_FIRST.includes(origin)) return toDay(slashed[3]!, slashed[1]!, slashed[2]!)
  return null
}

function toDay(year: string, month: string, day: string): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const date = new Date(`${text}T00:00:00Z`)
  return date.toJSON()?.slice(0, 10) === text ? text : null
}
