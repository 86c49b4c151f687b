import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Outcome } from './run-trial.ts'

const PAGE = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url))
const END = '<!-- end -->'

/** A table of that page. */
export interface Table {
  begin: string
  head: string[]
}

export const FAULTS: Table = {
  begin: '<!-- npm run faults -- --write -->',
  head: [
    '| command: `npm run faults --` | what goes wrong | runs | inputs | lost | mails doubled | errors answered | back after: half, longest | holds |',
    '|---|---|---|---|---|---|---|---|---|',
  ],
}

export function rowOf({
  trial,
  runs,
  inputs,
  lost,
  doubled,
  errors,
  recoveries,
  failures,
}: Outcome): string {
  const cells = [
    `\`${trial.name}\``,
    trial.what,
    String(runs),
    grouped(inputs),
    grouped(lost),
    grouped(doubled),
    describeErrors(errors),
    describeRecoveries(recoveries),
    failures.length === 0 ? 'yes' : `**no** (${failures.length})`,
  ]
  return `| ${cells.join(' | ')} |`
}

export const tableOf = ({ head }: Table, rows: string[]): string => [...head, ...rows].join('\n')

/** Puts the rows into docs/reliability.md, in the order of the names; rows of trials that did not run stay. */
export function writeRows(of: Table, rows: string[]): void {
  const page = readFileSync(PAGE, 'utf8')
  const from = page.indexOf(of.begin)
  const to = page.indexOf(END, from)
  if (from < 0 || to < from) throw new Error(`${PAGE} lacks the marks around its table`)
  const named = new Map<string, string>()
  const nameOf = (row: string) => /^\| `([^`]+)` \|/.exec(row)?.[1]
  for (const row of [...page.slice(from, to).split('\n'), ...rows]) {
    const name = nameOf(row)
    if (name) named.set(name, row)
  }
  const sorted = [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  const table = `${of.begin}\n\n${tableOf(of, sorted)}\n\n`
  writeFileSync(PAGE, page.slice(0, from) + table + page.slice(to))
}

export const grouped = (count: number) => count.toLocaleString('en')

/** `12 × 503, 3 × none`. */
export function describeErrors(errors: Map<number, number>): string {
  const parts = [...errors]
    .sort(([a], [b]) => b - a)
    .map(([status, count]) => `${grouped(count)} × ${status || 'no answer'}`)
  return parts.join(', ') || '0'
}

function describeRecoveries(recoveries: number[]): string {
  if (recoveries.length === 0) return ''
  const sorted = recoveries.toSorted((a, b) => a - b)
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  return `${seconds(sorted[Math.floor(sorted.length / 2)]!)}, ${seconds(sorted.at(-1)!)}`
}
