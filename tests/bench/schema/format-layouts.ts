import { median } from '../speed/compare.ts'
import type { Pair } from './alternate.ts'
import type { Side } from './side.ts'
import type { Turn } from './take-turn.ts'

const RATES = ['record', 'confirm', 'seal', 'byId', 'byTag'] as const
const UPDATES = ['mail', 'confirm', 'seal'] as const

export const HEADING = [
  '| layout | record/s | confirm/s | seal/s | by id/s | by tag/s | erase, ms | WAL, bytes | table, bytes | indexes, bytes | heap-only, % |',
  '|---|---|---|---|---|---|---|---|---|---|---|',
].join('\n')

export function formatMigrated(side: Side, turns: Turn[]): string {
  return formatLine(side.layout.name, [
    ...RATES.map((step) => figure(median(ratesOf(turns, step)))),
    figure(1000 / median(ratesOf(turns, 'erase'))),
    figure(median(turns.map(walOfLife))),
    figure(side.tableBytes),
    figure(side.indexBytes),
    heapOnly(turns),
  ])
}

export function formatCandidate([migrated, candidate]: Pair<Side>, turns: Pair<Turn>[]): string {
  const [theirs, ours] = [turns.map(([turn]) => turn), turns.map(([, turn]) => turn)]
  const ratio = (a: number[], b: number[]) => median(a.map((value, at) => value / b[at]!))
  const rate = (step: keyof Turn) => ratio(ratesOf(ours, step), ratesOf(theirs, step))
  const wal = ours.map(walOfLife)
  return formatLine(candidate.layout.name, [
    ...RATES.map((step) => against(median(ratesOf(ours, step)), rate(step))),
    against(1000 / median(ratesOf(ours, 'erase')), 1 / rate('erase')),
    against(median(wal), ratio(wal, theirs.map(walOfLife))),
    against(candidate.tableBytes, candidate.tableBytes / migrated.tableBytes),
    against(candidate.indexBytes, candidate.indexBytes / migrated.indexBytes),
    heapOnly(ours),
  ])
}

const ratesOf = (turns: Turn[], step: keyof Turn) => turns.flatMap((turn) => turn[step].rates)

/** From the form to the sealed signature. */
function walOfLife({ record, mail, confirm, seal }: Turn): number {
  return record.walBytes + mail.walBytes + confirm.walBytes + seal.walBytes
}

function heapOnly(turns: Turn[]): string {
  const share = (step: keyof Turn) => median(turns.map((turn) => turn[step].heapOnly))
  return UPDATES.map((step) => Math.round(100 * share(step))).join(', ')
}

const figure = (value: number) =>
  value >= 10 ? Math.round(value).toLocaleString('en') : String(Number(value.toFixed(1)))

const against = (value: number, ratio: number) => `${figure(value)} (${ratio.toFixed(2)})`

const formatLine = (name: string, cells: string[]) => `| ${[name, ...cells].join(' | ')} |`
