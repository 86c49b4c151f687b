import type { FastifyRequest } from 'fastify'
import type { LoggerOptions } from 'pino'

/** Paths whose last part opens something: a log that leaks must not confirm, withdraw or unsubscribe. */
const TOKEN_PATH = /(\/(?:confirm|withdraw|unsubscribe|signature|s)\/+)[^/]+/gi
/** Longer than any word of our own addresses: a token, wherever a client put it. */
const LONG_SEGMENT = /[A-Za-z0-9_-]{28,}/g
const ADDRESS = /[^\s<>"'(),;:/]{1,64}@[^\s<>"'(),;:/]{1,255}/g

/**
 * No address of a visitor, no query (it carries share codes), no token, no name, no e-mail: the log
 * says what the server did, not for whom.
 */
export function logOptions(level: string): LoggerOptions {
  return {
    level,
    redact: { paths: privatePaths(), censor: '[hidden]' },
    serializers: {
      req: (request: FastifyRequest) => ({ method: request.method, path: safePath(request.url) }),
      err: safeError,
    },
    base: null,
  }
}

export function safePath(url: string): string {
  const path = url.replace(/[?#].*$/s, '').replace(/^[a-z]+:\/\/[^/]*/i, '')
  return hideAddresses(
    decode(path).replace(TOKEN_PATH, '$1[token]').replace(LONG_SEGMENT, '[token]'),
  )
}

/** Percent-encoding would hide a token's place; what can't be decoded is shown as it came. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Errors of the database repeat values in `detail` and `where`, some in their message. */
export function safeError(error: Error & { code?: unknown; statusCode?: unknown }) {
  return {
    type: error.name,
    code: error.code,
    message: hideAddresses(error.message),
    stack: hideAddresses(error.stack ?? ''),
  }
}

export const hideAddresses = (text: string) => text.replace(ADDRESS, '[address]')

function privatePaths(): string[] {
  const names = [
    'name',
    'email',
    'to',
    'from',
    'address',
    'postcode',
    'comment',
    'token',
    'password',
  ]
  return names.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
}
