import type { Breakdown, CountRow } from './read-counts.ts'

/** The signatures of one petition by one breakdown, as every format tells them. */
export interface Counts {
  slug: string
  by: Breakdown
  rows: CountRow[]
  /** The sum of the rows. */
  counted: number
  generatedAt: Date
}

export const formats = ['csv', 'json', 'xlsx'] as const
export type Format = (typeof formats)[number]

export const sumRows = (rows: CountRow[]): number =>
  rows.reduce((sum, row) => sum + row.signatures, 0)
