import { MINUTE } from '../clock.ts'
import type { Failure } from './read-failure.ts'

export interface TellerLog {
  warn(fields: object, line: string): void
}

type What = 'put off' | 'refused'

const lines: Record<What, string> = {
  'put off': 'mails are put off',
  refused: 'mailboxes were refused for good',
}

/**
 * Writes of failures a line at once, then one a minute with how many there were: a relay that refuses everybody
 * fails a thousand mails in that time. No line says whose.
 */
export function createTeller(
  log: TellerLog,
  every = MINUTE,
): { tell(failure: Failure, what: What): void; close(): void } {
  const untold = new Map<string, { failure: Failure; what: What; mails: number }>()
  let pause: NodeJS.Timeout | null = null

  function write(): void {
    const kinds = [...untold.values()]
    untold.clear()
    pause = null
    if (kinds.length === 0) return
    pause = setTimeout(write, every).unref()
    const [most] = kinds.sort((one, other) => other.mails - one.mails)
    const { what, failure } = most!
    log.warn(
      {
        mails: kinds.reduce((sum, { mails }) => sum + mails, 0),
        kinds: Object.fromEntries(kinds.map((each) => [each.failure.kind, each.mails])),
        why: failure.words,
        status: failure.status || undefined,
      },
      lines[what],
    )
  }

  return {
    tell(failure, what) {
      const key = `${what} ${failure.kind}`
      const { mails } = untold.get(key) ?? { mails: 0 }
      untold.set(key, { failure, what, mails: mails + 1 })
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
