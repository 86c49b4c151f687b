/** A line of the table: the program, what it is measured against, and what came of it. */
export interface Row {
  path: string
  against: string
  /** Medians; in `unit`. */
  ours: number
  theirs: number | null
  unit: string
  /** `ours / theirs` where there is something to compare with. */
  value: number
  goal: number
  /** Beyond this it counts as not done. */
  limit: number
  /** Whether more is better: rates are, times are not. */
  more: boolean
  rounds: { ours: number[]; theirs: number[] }
}

export interface Contest {
  path: string
  against: string
  unit: string
  goal: number
  limit: number
  /** Times: less is better. */
  less?: boolean
  /** One round tells as much as several. */
  once?: boolean
  prepare?: () => Promise<void>
  tidy?: () => Promise<void> | undefined
  ours: () => Promise<number>
  theirs?: () => Promise<number>
}

/** Rounds in turn, so that what the machine does meanwhile hits both. */
export async function contest(each: Contest, rounds: number): Promise<Row> {
  const { path, against, unit, goal, limit } = each
  const taken = { ours: [] as number[], theirs: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    taken.ours.push(await each.ours())
    if (each.theirs) taken.theirs.push(await each.theirs())
  }
  const ours = median(taken.ours)
  const theirs = each.theirs ? median(taken.theirs) : null
  const value = theirs === null ? ours : ours / theirs
  const row = {
    path,
    against,
    ours,
    theirs,
    unit,
    value,
    goal,
    limit,
    more: !each.less,
    rounds: taken,
  }
  console.log(formatRow(row))
  return row
}

export const HEADING = [
  '| path | measured against | A | B | A/B | goal | at least | |',
  '|---|---|---|---|---|---|---|---|',
].join('\n')

export function formatRow({
  path,
  against,
  ours,
  theirs,
  unit,
  value,
  goal,
  limit,
  more,
}: Row): string {
  const meets = (bound: number) => (more ? value >= bound : value <= bound)
  const verdict = meets(goal)
    ? 'meets its goal'
    : meets(limit)
      ? 'done, below its goal'
      : 'NOT DONE'
  const figure = (number: number) =>
    `${number >= 100 ? Math.round(number).toLocaleString('en') : number.toFixed(number < 10 ? 2 : 1)} ${unit}`
  const columns =
    theirs === null ? [figure(ours), '', ''] : [figure(ours), figure(theirs), value.toFixed(2)]
  return `| ${[path, against, ...columns, goal, limit, verdict].join(' | ')} |`
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2
    ? sorted[Math.floor(middle)]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2
}
