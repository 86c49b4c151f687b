import type { Problem } from './open-records.worker.ts'

export type Finding = Problem | 'doubled id' | 'doubled address'

/** The treatment of the records that have a finding. */
export type Fates = Readonly<Record<Finding, string>>

const TEXTS: Readonly<Record<Finding, string>> = {
  'other keys': 'sealed to other keys than these',
  damaged: 'damaged',
  misplaced: "in another record's or petition's place",
  mismatch: 'not what the public log committed to',
  'no record': 'no record at all',
  'doubled id': 'there twice',
  'doubled address': 'with an address that signed before',
}

const unsealed: Fates = {
  'other keys': 'left out',
  damaged: 'left out',
  misplaced: 'left out',
  mismatch: 'left out',
  'no record': 'left out (line numbers)',
  'doubled id': 'the second left out',
  'doubled address': 'kept',
}

export const unsealFates = ({ includeMismatched }: { includeMismatched: boolean }): Fates =>
  includeMismatched ? { ...unsealed, mismatch: 'kept' } : unsealed

/** The new file has every line of the old one: its reader gets the same report. */
export const resealFates: Fates = {
  'other keys': 'kept as they were',
  damaged: 'kept as they were',
  misplaced: 'resealed as they are',
  mismatch: 'resealed as they are',
  'no record': 'kept as they were (line numbers)',
  'doubled id': 'resealed as they are',
  'doubled address': 'resealed as they are',
}

/** No fault of the file's: signers withdraw, and new signatures get an entry, and so a record here, later. */
export const describeMissing = (indexes: number[], wanted: number): string =>
  `${indexes.length} of ${wanted} entries are not in this export, withdrawn since or not yet in it: ${indexes.join(', ')}`

export function describe(
  finding: Finding,
  { ids, count, fate }: { ids: string[]; count: number; fate: string },
): string {
  const more = count > ids.length ? ` and ${count - ids.length} more` : ''
  return `${count} ${TEXTS[finding]}, ${fate}: ${ids.join(', ')}${more}`
}
