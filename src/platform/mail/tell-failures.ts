import { MINUTE } from '../clock.ts'
import type { Failure, FailureKind } from './read-failure.ts'

export interface TellerLog {
  warn(fields: object, line: string): void
  info(fields: object, line: string): void
}

type What = 'putOff' | 'refused'

/**
 * Writes of failures a line at once, then one a minute with how many there were: a relay that refuses everybody
 * fails a thousand mails in that time. No line says whose.
 */
export function createTeller(
  log: TellerLog,
  every = MINUTE,
): { tell(failure: Failure, what: What): void; close(): void } {
  let untold: { failure: Failure; what: What }[] = []
  let pause: NodeJS.Timeout | null = null

  function write(): void {
    const failures = untold
    untold = []
    pause = null
    if (failures.length === 0) return
    pause = setTimeout(write, every).unref()
    const putOff = failures.filter(({ what }) => what === 'putOff').map(({ failure }) => failure)
    const refused = failures.length - putOff.length
    const fields = { mails: failures.length, refused }
    if (putOff.length === 0) {
      log.info(fields, 'mailboxes were refused for good')
      return
    }
    const kinds = countKinds(putOff)
    const most = Math.max(...Object.values(kinds))
    const { words, status } = putOff.findLast(({ kind }) => kinds[kind] === most)!
    const why = { why: words, status: status || undefined }
    log.warn({ ...fields, putOff: kinds, ...why }, 'mails are put off')
  }

  return {
    tell(failure, what) {
      untold.push({ failure, what })
      if (!pause) write()
    },
    /** What was not told yet is told now. */
    close() {
      if (pause) clearTimeout(pause)
      write()
      if (pause) clearTimeout(pause)
    },
  }
}

function countKinds(failures: Failure[]): Partial<Record<FailureKind, number>> {
  const counts: Partial<Record<FailureKind, number>> = {}
  for (const { kind } of failures) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
