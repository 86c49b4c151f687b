import type { Progress } from '../../platform/terminal/show-progress.ts'
import type { OpenedExport } from './open-export.ts'
import type { LineOutcome, ListedRecord } from './open-records.worker.ts'
import { recipientOf } from './read-identities.ts'
import type { Report } from './report.ts'
import { UnsealError } from './unseal-error.ts'

/** A user with the wrong key need not wait an hour to learn it. */
const EARLY = 1000

interface CheckedShare {
  /** Every line. */
  all: LineOutcome[]
  /** The records that belong in the list. */
  good: ListedRecord[]
}

/**
 * Takes every record of an export into the report, a share at a time.
 *
 * @throws UnsealError at the end, when not one of them was good: nothing is to be written then
 */
export async function* checkRecords(
  path: string,
  {
    opened,
    identities,
    report,
    progress,
  }: { opened: OpenedExport; identities: string[]; report: Report; progress: Progress },
): AsyncGenerator<CheckedShare> {
  let early = true
  for await (const all of opened.outcomes) {
    const good = all.flatMap((outcome) => report.take(outcome) ?? [])
    progress.add(all.length)
    if (early && report.counts().lines >= EARLY) {
      early = false
      if (report.counts().written === 0) {
        progress.say(`none of the first ${EARLY} opened: if this is another key, Ctrl-C stops`)
      }
    }
    yield { all, good }
  }
  const { lines, written } = report.counts()
  if (written > 0 || lines === 0) return
  progress.end()
  throw new UnsealError(explain(path, identities, report))
}

function explain(path: string, identities: string[], report: Report): string {
  if (!report.onlyOtherKeys()) {
    return `no record in ${path} could be taken, so nothing was written: ${report.tell().join('; ')}`
  }
  const recipients = identities.map(recipientOf).join(', ')
  const keys = identities.length > 1 ? 'these keys' : 'this key'
  return `no record in ${path} opens with ${keys}, so nothing was written: ${recipients} is not among the recipients that it is sealed to; petition.yaml lists those, and each key file says its own "public key"`
}
