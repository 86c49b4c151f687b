import type { FastifyRequest } from 'fastify'
import type { LoggerOptions } from 'pino'
import { MINUTE } from './clock.ts'
import { escapeLines } from './terminal/escape-unsafe.ts'

/** A run without the characters that stand around an address in messages of databases and mail servers. */
const WORD = /[^\s<>"'(),;:/]+/g

/**
 * No visitor's IP address, no path (it carries tokens and share codes, in more encodings than could be
 * recognised), no name, no e-mail address: the log tells of the server, not of people.
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
    // JSON leaves some control characters as they are, which a terminal would obey.
    hooks: { streamWrite: escapeLines },
  }
}

/** Errors of the database repeat values in `detail` and `where`, some in their message. */
function safeError(error: Error & { code?: unknown; statusCode?: unknown }) {
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

/** How often each was noted, for one line instead of many. */
export function countKinds(kinds: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/**
 * Hands the first note to `write` at once and later ones together, once a minute: a thousand jobs that fail
 * alike make one line with a count.
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
    /** Writes the notes that still wait. */
    close() {
      if (pause) clearTimeout(pause)
      if (noted.length > 0) write(noted)
      noted = []
    },
  }
}

/** The same for errors: `write` gets the fields of one line, with the newest of them and their number. */
export const paceErrors = (write: (fields: { err: unknown; times: number }) => void) =>
  paceLines((errors: unknown[]) => write({ err: errors.at(-1), times: errors.length }))
