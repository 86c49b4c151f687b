import type { FastifyRequest } from 'fastify'
import type { LoggerOptions } from 'pino'
import { escapeLines } from './terminal/escape-unsafe.ts'

/** What addresses are written between, in messages of the database and of mail servers. */
const WORD = /[^\s<>"'(),;:/]+/g

/**
 * No address of a visitor, no path (it carries tokens and share codes, encoded in more ways than could be
 * recognised), no name, no e-mail: the log says what the server did, not for whom.
 */
export function logOptions(level: string): LoggerOptions {
  return {
    level,
    redact: { paths: privatePaths(), censor: '[hidden]' },
    serializers: {
      req: (request: FastifyRequest) => ({
        method: request.method,
        // The pattern, such as `/s/:code`.
        route: request.routeOptions.url ?? 'none',
      }),
      err: safeError,
    },
    base: null,
    // JSON escapes not all that a terminal obeys: a log is read on one, too.
    hooks: { streamWrite: escapeLines },
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

export const hideAddresses = (text: string) =>
  text.replace(WORD, (word) => (/[^@]@[^@]/.test(word) ? '[address]' : word))

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
