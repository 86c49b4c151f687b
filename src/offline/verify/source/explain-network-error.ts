import { findReason } from '../../../platform/files/explain-errno.ts'
import { safeText } from '../../../platform/terminal/escape-unsafe.ts'
import { LogRestoringError } from '../verify-error.ts'

/** Node.js's codes for invalid certificates, and for answers that are not TLS. */
const TLS = /CERT|TLS|SSL|SIGNATURE|SELF_SIGNED|EPROTO/

export function explainNetworkError(error: unknown): string {
  const code = codeOf(error)
  const reason = findReason(code)
  if (reason) return reason
  if (TLS.test(code)) {
    return `its certificate does not hold (${code}); do not go on if it did before: somebody may be in between`
  }
  return code === '' ? "its answer can't be read" : `the connection fails (${code})`
}

/** Whether trying again is idle. */
export function isHopeless(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'ENOTFOUND' || (TLS.test(code) && findReason(code) === null)
}

/** fetch wraps the system's error, once or twice. */
function codeOf(error: unknown): string {
  for (let at = error as { code?: unknown; cause?: unknown } | undefined; at; ) {
    if (typeof at.code === 'string') return at.code
    at = at.cause as typeof at
  }
  return ''
}

const LOG = '/log/'
/** In a site's words while its database is older than its log and waits for `log rebuild`. */
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
