const REASONS = new Map([
  ['ENOTFOUND', 'there is no site of that name'],
  ['EAI_AGAIN', "its name can't be looked up now"],
  ['ECONNREFUSED', 'nothing answers there'],
  ['ECONNRESET', 'the connection breaks off'],
  ['UND_ERR_SOCKET', 'the connection breaks off'],
  ['ETIMEDOUT', 'it does not answer in time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'it does not answer in time'],
  ['ENETUNREACH', 'there is no way to it from here'],
  ['EHOSTUNREACH', 'there is no way to it from here'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'its answer is cut off'],
])

/** Node.js's codes of certificates that don't hold, and of what is no TLS at all. */
const TLS = /CERT|TLS|SSL|SIGNATURE|SELF_SIGNED|EPROTO/

export function explainNetworkError(error: unknown): string {
  const code = codeOf(error)
  const reason = REASONS.get(code)
  if (reason) return reason
  if (TLS.test(code)) {
    return `its certificate does not hold (${code}); do not go on if it did before: somebody may be in between`
  }
  return code === '' ? "its answer can't be read" : `the connection fails (${code})`
}

/** Whether trying again is idle. */
export function isHopeless(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'ENOTFOUND' || (TLS.test(code) && !REASONS.has(code))
}

/** fetch wraps what happened, once or twice. */
function codeOf(error: unknown): string {
  for (let at = error as { code?: unknown; cause?: unknown } | undefined; at; ) {
    if (typeof at.code === 'string') return at.code
    at = at.cause as typeof at
  }
  return ''
}
