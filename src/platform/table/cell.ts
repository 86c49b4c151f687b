/**
 * The content of a cell, whatever the kind of file. Pure, and free of Node: the unsealing page writes
 * tables, too.
 */
export type Cell = string | number | When | null

/** A day, `2026-11-28`, or a moment, `2026-11-28T18:00:00.000Z`: ISO 8601, UTC. */
export interface When {
  at: string
}

const DAY = /^\d{4}-\d\d-\d\d$/
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/
const HOUR = /^(\d{4}-\d\d-\d\dT\d\d)Z$/

/** As a spreadsheet counts: milliseconds since 1970-01-01. Null for anything else. */
export function readWhen({ at }: When): { ms: number; isDay: boolean } | null {
  const isDay = DAY.test(at)
  const full = at.replace(HOUR, '$1:00:00Z')
  if (!isDay && !MOMENT.test(full)) return null
  const ms = Date.parse(full)
  return Number.isNaN(ms) ? null : { ms, isDay }
}

/**
 * First characters that make a spreadsheet run a cell as a formula: OWASP's list ("CSV Injection"),
 * with the full-width signs that Japanese and Chinese Excel take for the narrow ones.
 */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/u

/**
 * Text as a cell that no spreadsheet runs: an apostrophe goes before the start of a formula. Keys
 * come from addresses that anyone can write (`?source=-2`), so none is trusted. Also used in XLSX,
 * whose text cells run nothing: people save such a file as CSV and pass it on.
 */
export function neutraliseCell(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text
}
