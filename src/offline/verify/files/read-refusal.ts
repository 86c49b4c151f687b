import { safeText } from '../safe-text.ts'
import { LogRestoringError } from '../verify-error.ts'

const LOG = '/log/'
/** What a site says while its database is older than its log and waits for `log rebuild`. */
const RESTORING = /restor|rebuil/i

/**
 * Why a site that is in trouble refuses, in its own words where it has any.
 *
 * @param text as much of the answer as was read
 * @throws LogRestoringError when it says that its log is being restored: asking again in a moment is idle
 */
export function readRefusal(url: URL, status: number, text: string): string {
  const message = messageOf(text)
  if (status === 503 && url.pathname.startsWith(LOG) && message && RESTORING.test(message)) {
    throw new LogRestoringError(
      `the site says that its log is being restored; try again later. In its words: ${safeText(message)}`,
    )
  }
  return `it answers with status ${status}${message ? ` (${safeText(message)})` : ''}`
}

function messageOf(text: string): string | null {
  try {
    const { message } = JSON.parse(text)
    return typeof message === 'string' && message !== '' ? message : null
  } catch {
    return null
  }
}
