import { median } from '../speed/compare.ts'
import type { Figures } from './meter.ts'
import { STEPS, type Turn } from './take-turn.ts'

/** Medians of a side's turns, and what its table takes. */
export interface Summary {
  name: string
  steps: Turn
  tableBytes: number
  indexBytes: number
}

export function summarize(
  side: { layout: { name: string }; tableBytes: number; indexBytes: number },
  turns: Turn[],
): Summary {
  const steps = Object.fromEntries(
    STEPS.map((step) => [step, medians(turns.map((turn) => turn[step]))]),
  ) as Turn
  const { tableBytes, indexBytes } = side
  return { name: side.layout.name, steps, tableBytes, indexBytes }
}

function medians(figures: Figures[]): Figures {
  const heapOnly = figures.flatMap((each) => (each.heapOnly === null ? [] : [each.heapOnly]))
  return {
    rate: median(figures.map(({ rate }) => rate)),
    walBytes: median(figures.map(({ walBytes }) => walBytes)),
    heapOnly: heapOnly.length > 0 ? median(heapOnly) : null,
  }
}

export const HEADING = [
  '| layout | record/s | confirm/s | seal/s | by id/s | by tag/s | erase, ms | WAL, bytes | table, bytes | indexes, bytes | heap-only, % |',
  '|---|---|---|---|---|---|---|---|---|---|---|',
].join('\n')

/** @param migrated what was measured in turn with it; null for the migrated layout itself */
export function formatLayout(each: Summary, migrated: Summary | null): string {
  const cell = (pick: (summary: Summary) => number) => {
    const value = pick(each)
    const figure =
      value >= 10 ? Math.round(value).toLocaleString('en') : String(Number(value.toFixed(1)))
    return migrated ? `${figure} (${(value / pick(migrated)).toFixed(2)})` : figure
  }
  const percent = (step: keyof Turn) => Math.round(100 * (each.steps[step].heapOnly ?? 0))
  return `| ${[
    each.name,
    cell(({ steps }) => steps.record.rate),
    cell(({ steps }) => steps.confirm.rate),
    cell(({ steps }) => steps.seal.rate),
    cell(({ steps }) => steps.byId.rate),
    cell(({ steps }) => steps.byTag.rate),
    cell(({ steps }) => 1000 / steps.erase.rate),
    cell(walOfLife),
    cell(({ tableBytes }) => tableBytes),
    cell(({ indexBytes }) => indexBytes),
    `${percent('mail')}, ${percent('confirm')}, ${percent('seal')}`,
  ].join(' | ')} |`
}

/** From the form to the sealed signature. */
function walOfLife({ steps: { record, mail, confirm, seal } }: Summary): number {
  return record.walBytes + mail.walBytes + confirm.walBytes + seal.walBytes
}
