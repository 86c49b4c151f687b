import { findReason } from '../../../platform/files/explain-errno.ts'

/** Node.js's codes of certificates that don't hold, and of what is no TLS at all. */
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

/** fetch wraps what happened, once or twice. */
function codeOf(error: unknown): string {
  for (let at = error as { code?: unknown; cause?: unknown } | undefined; at; ) {
    if (typeof at.code === 'string') return at.code
    at = at.cause as typeof at
  }
  return ''
}
