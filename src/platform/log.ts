import type { FastifyRequest } from 'fastify'
import type { LoggerOptions } from 'pino'

/** Paths whose last part opens something: a log that leaks must not confirm or withdraw. */
const TOKEN_PATH = /^(\/[a-z-]+\/(?:confirm|withdraw)\/|\/s\/)[^/?]+/
const ADDRESS = /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g

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
  return url.replace(/[?#].*$/s, '').replace(TOKEN_PATH, '$1[token]')
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
