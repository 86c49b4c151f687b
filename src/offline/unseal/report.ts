import { describe, describeMissing, type Fates, type Finding } from './findings.ts'
import type { LineOutcome, ListedRecord } from './open-records.worker.ts'
import { createSeenBefore, fingerprint } from './seen-before.ts'

/** Of each kind; the rest is counted. */
const LISTED = 100

export interface Report {
  /** @returns the record when it belongs in the list */
  take(outcome: LineOutcome): ListedRecord | null
  counts(): {
    /** Lines that are, or should be, records. */
    lines: number
    /** Those that a key opened and that belong to their line and petition. */
    opened: number
    /** Those in the list. */
    written: number
    problems: number
  }
  /** Whether all records that don't open are sealed to other keys. */
  onlyOtherKeys(): boolean
  /** The problems, a line for each kind, with ids or line numbers. */
  tell(): string[]
}

/**
 * Gathers the problems of the records, by id, in memory that hardly grows with them.
 *
 * @param announced how many records the header says that there are
 * @param only the entries that are wanted, when not all are: others don't come
 */
export function createReport({
  announced,
  only = null,
  includeMismatched,
  fates,
}: {
  announced: number
  only?: ReadonlySet<number> | null
  includeMismatched: boolean
  fates: Fates
}): Report {
  const found = new Map<Finding, { ids: string[]; count: number }>()
  const idSeen = createSeenBefore()
  const addressSeen = createSeenBefore()
  const missing = new Set(only)
  let lines = 0
  let opened = 0
  let written = 0

  function note(finding: Finding, id: string) {
    const entry = found.get(finding) ?? { ids: [], count: 0 }
    entry.count++
    if (entry.ids.length < LISTED) entry.ids.push(id)
    found.set(finding, entry)
  }

  return {
    take({ number, outcome, id, index, record }) {
      lines++
      if (index !== null) missing.delete(index)
      if (outcome !== 'opened') note(outcome, id ?? String(number))
      if (!record) return null
      opened++
      if (outcome === 'mismatch' && !includeMismatched) return null
      if (idSeen(fingerprint(record.id))) {
        note('doubled id', record.id)
        return null
      }
      if (addressSeen(fingerprint(record.normalisedEmail))) note('doubled address', record.id)
      written++
      return record
    },
    counts() {
      const problems = [...found.values()].reduce((sum, { count }) => sum + count, 0)
      const unannounced = only ? 0 : Math.max(lines - announced, 0)
      return { lines, opened, written, problems: problems + unannounced }
    },
    onlyOtherKeys: () => found.size === 1 && found.has('other keys'),
    tell() {
      const told = [...found].map(([finding, { ids, count }]) =>
        describe(finding, { ids, count, fate: fates[finding] }),
      )
      if (only) return missing.size > 0 ? [...told, describeMissing([...missing], only.size)] : told
      const difference = lines - announced
      if (difference > 0) told.push(`${difference} more than the file's first line says`)
      if (difference < 0) told.push(`${-difference} fewer than the file's first line says`)
      return told
    },
  }
}
