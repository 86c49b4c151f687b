const MINUTE_MS = 60_000

/** An IANA time zone such as `Asia/Baku`, an offset such as `+04:00`, or `Z`. */
export type Zone = string

export function isZone(text: string): boolean {
  return OFFSET.test(text) || (/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(text) && isKnown(text))
}

const OFFSET = /^(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/

/** A moment whose fields in UTC are those of the zone's wall clock, for formatters that know UTC alone. */
export function wallClock(moment: Date, zone: Zone): Date {
  return new Date(moment.getTime() + offsetAt(zone, moment) * MINUTE_MS)
}

/**
 * The moment at which the zone's wall clock shows that time. A time that clocks skip is read with the offset
 * before the change; of a time that they show twice the first is meant (RFC 9557 and Temporal: "compatible").
 *
 * @param wall milliseconds since 1970 as if it were UTC
 */
export function momentOf(wall: number, zone: Zone): Date {
  const at = (offset: number) => new Date(wall - offset * MINUTE_MS)
  // No zone's offset changes twice within two days.
  const before = offsetAt(zone, new Date(wall - DAY_MS))
  const after = offsetAt(zone, new Date(wall + DAY_MS))
  return offsetAt(zone, at(before)) === before || offsetAt(zone, at(after)) !== after
    ? at(before)
    : at(after)
}

const DAY_MS = 24 * 60 * MINUTE_MS

/** ISO 8601 with the offset that holds there at that time, in whole seconds (RFC 3339). */
export function toIso(moment: Date, zone: Zone): string {
  const wall = wallClock(moment, zone).toISOString().slice(0, 19)
  return `${wall}${zone === 'Z' ? 'Z' : formatOffset(offsetAt(zone, moment))}`
}

/** As people read it: `UTC`, `UTC+4`, `Asia/Baku, UTC+4`. */
export function nameOf(zone: Zone, moment: Date): string {
  const minutes = offsetAt(zone, moment)
  if (zone === 'UTC' || (minutes === 0 && OFFSET.test(zone))) return 'UTC'
  const [, sign, hours, rest] = /^([+-])(\d\d):(\d\d)$/.exec(formatOffset(minutes))!
  const offset = `UTC${sign === '-' ? '−' : '+'}${Number(hours)}${rest === '00' ? '' : `:${rest}`}`
  return OFFSET.test(zone) ? offset : `${zone}, ${offset}`
}

function formatOffset(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** Minutes east of UTC. */
function offsetAt(zone: Zone, moment: Date): number {
  if (zone === 'Z') return 0
  const [, sign, hours, minutes] = OFFSET.exec(zone) ?? []
  if (hours) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const wall = Date.UTC(
    parts.year!,
    parts.month! - 1,
    parts.day,
    parts.hour,
    parts.minute,
    parts.second,
  )
  return Math.round((wall - Math.floor(moment.getTime() / 1000) * 1000) / MINUTE_MS)
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** @throws RangeError when there is no such zone */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone)
  if (known) return known
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  clocks.set(zone, clock)
  return clock
}

function isKnown(zone: string): boolean {
  try {
    clockOf(zone)
    return true
  } catch {
    return false
  }
}
