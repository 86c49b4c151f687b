import type { FastifyRequest } from 'fastify'
import type { LoggerOptions } from 'pino'
import { MINUTE } from './clock.ts'
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

/**
 * Hands what was noted to `write` at once, then together, once a minute: what a thousand jobs meet in that time is
 * one line with a count.
 */
export function paceLines<T>(
  write: (noted: T[]) => void,
  every = MINUTE,
): { note(what: T): void; close(): void } {
  let noted: T[] = []
  let pause: NodeJS.Timeout | null = null

  function tell(): void {
    pause = null
    if (noted.length === 0) return
    // A minute's line keeps no process alive.
    pause = setTimeout(tell, every).unref()
    write(noted.splice(0))
  }

  return {
    note(what) {
      noted.push(what)
      if (!pause) tell()
    },
    /** What was not told yet is told now. */
    close() {
      if (pause) clearTimeout(pause)
      if (noted.length > 0) write(noted)
      noted = []
    },
  }
}
