/** One figure of `/metrics`, or several that differ by their labels. */
export interface Measure {
  name: string
  help: string
  kind: 'gauge' | 'counter'
  labels?: readonly string[]
  /** Of several processes behind one port: `sum` of what each knows alone, `max` where all read the same. */
  aggregator: 'sum' | 'max' | 'min'
  /** What is not known is left out, and leaves a gap in the graph. */
  read(): Promise<Sample[]> | Sample[]
}

/** The values of the labels, and the figure. */
export type Sample = readonly [labels: readonly string[], value: number]

/** A figure without labels; null while it is not known. */
export const one = (value: number | null): Sample[] => (value === null ? [] : [[[], value]])

/** Figures with one label. */
export const byLabel = (values: Iterable<readonly [string, number]>): Sample[] =>
  Array.from(values, ([label, value]) => [[label], value])

/** Counts by label since the start of this process. */
export interface Tally<L extends string> {
  note(label: L): void
  counts(): ReadonlyMap<L, number>
}

/** Each label is there from the start: alerts on increases miss a counter that begins at 1. */
export function createTally<L extends string>(labels: readonly L[]): Tally<L> {
  const counts = new Map(labels.map((label) => [label, 0]))
  return {
    note: (label) => void counts.set(label, (counts.get(label) ?? 0) + 1),
    counts: () => counts,
  }
}
