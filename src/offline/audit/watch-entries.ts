import { attempt, MalformedError } from '../../log/core/canonical.ts'
import type { LogSource } from '../../log/core/check/check-log.ts'
import { countEntry, createCounter, listCounted } from '../../log/core/entry/count-entries.ts'
import type { InvalidEntry, LogEntry } from '../../log/core/entry/entry.ts'
import { parseBundle } from '../../log/core/entry/entry-bundle.ts'
import { parseEntry } from '../../log/core/entry/entry-line.ts'

export interface Sighting {
  /** What counted for the petition at the kept size, ascending. */
  counted: number[]
  /** Of all petitions. */
  slugs: string[]
  entries: Map<number, LogEntry | InvalidEntry>
  /** What took wanted entries out after the kept size. */
  leavings: Map<number, 'withdraw' | 'void'>
}

interface Wanted {
  petition: string
  /** Of the kept checkpoint. */
  size: number
  /** Entries to remember. */
  wanted: ReadonlySet<number>
}

/**
 * Looks at the very bytes that a check is given: asked for a second time, a site might tell another
 * story. Nothing seen may be believed before the check says so.
 */
export function watchEntries(
  source: LogSource,
  { petition, size, wanted }: Wanted,
): { source: LogSource; finish(): Sighting } {
  const counter = createCounter()
  const entries: Sighting['entries'] = new Map()
  const leavings: Sighting['leavings'] = new Map()
  let counted: number[] | null = null

  function take(entry: LogEntry | InvalidEntry) {
    const index = counter.size
    if (index === size) counted = listCounted(counter, petition)
    if (wanted.has(index)) entries.set(index, entry)
    const effect = countEntry(counter, entry)
    if (effect !== 'taken-out' || (entry.kind !== 'withdraw' && entry.kind !== 'void')) return
    if (index >= size && wanted.has(entry.index)) leavings.set(entry.index, entry.kind)
  }

  return {
    source: {
      ...source,
      async getBundle(n, width) {
        const bundle = await source.getBundle(n, width)
        // What can't be read the check refuses.
        const parsed = bundle && attempt(() => parseBundle(bundle, width))
        if (parsed && !(parsed instanceof MalformedError)) {
          for (const bytes of parsed) take(parseEntry(bytes))
        }
        return bundle
      },
    },
    finish: () => ({
      counted: counted ?? listCounted(counter, petition),
      slugs: [...counter.petitions.keys()],
      entries,
      leavings,
    }),
  }
}
