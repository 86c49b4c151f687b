import { encodeText } from '../text.ts'
import type { LogEntry } from './entry.ts'
import { parseEntry } from './parse-entry.ts'

/**
 * An entry as the log holds it.
 *
 * @throws RangeError for values that no entry may have: the log is for ever, and what can't be read
 *   back must not get in.
 */
export function formatEntry(entry: LogEntry): Uint8Array {
  const bytes = encodeText(write(entry))
  if (parseEntry(bytes).kind !== entry.kind) throw new RangeError(`no entry: ${write(entry)}`)
  return bytes
}

/** `YYYY-MM-DDTHHZ`, the hour of a signature. */
export function formatHour(time: Date): string {
  return `${time.toISOString().slice(0, 13)}Z`
}

function write(entry: LogEntry): string {
  switch (entry.kind) {
    case 'sign':
      return `sign/v1 ${entry.slug} ${entry.hour} ${entry.commitment}`
    case 'withdraw':
      return `withdraw/v1 ${entry.slug} ${entry.index}`
    case 'void':
      return `void/v1 ${entry.slug} ${entry.index} ${entry.reason}`
    case 'recipients':
      return `recipients/v1 ${entry.slug} ${entry.hash}`
    case 'text':
      return `text/v1 ${entry.slug} ${entry.language} ${entry.version} ${entry.hash}`
  }
}
