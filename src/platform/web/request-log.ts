import {
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify'
import { countKinds, paceLines } from '../logger.ts'
import { isLook } from './redirect-to-meant.ts'

/** Why requests are answered 503, in a word or two without anything about the reader. */
const reasons = new WeakMap<FastifyRequest, string>()

/** To be said before the answer; the line that counts such answers names it. */
export function sayWhyAway(request: FastifyRequest, reason: string): void {
  reasons.set(request, reason)
}

/**
 * One line for a request that was refused or failed, none for one that succeeded: metrics count those, and a log
 * that doesn't hold when somebody read or signed can't be seized for it. Those answered 503, of which an outage
 * makes thousands, are counted in one line a minute. At LOG_LEVEL=debug every request has its line.
 */
class RequestLog extends LogController {
  #logger: FastifyRequest['log'] | undefined
  readonly #away = paceLines<string>((kinds) =>
    this.#logger?.warn(
      { answers: countKinds(kinds) },
      'requests were answered 503: sent again they may succeed',
    ),
  )

  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    if (isLook(request) && !error) return
    const isAway = reply.statusCode === 503 && !error
    if (isAway) {
      this.#logger = request.log
      const { method, routeOptions } = request
      this.#away.note(
        `${method} ${routeOptions.url ?? 'none'}: ${reasons.get(request) ?? 'refused'}`,
      )
    }
    const level = error ? 'error' : isAway || reply.statusCode < 400 ? 'debug' : 'info'
    request.log[level](
      {
        reqId: request.id,
        req: request,
        res: reply,
        err: error ?? undefined,
        responseTime: reply.elapsedTime,
      },
      'request completed',
    )
  }

  /** Writes the count that still waits. */
  close(): void {
    this.#away.close()
  }
}

export const createRequestLog = () => new RequestLog({})

/**
 * A child logger for each request would cost more than the rest of most requests: lines name their request
 * themselves.
 */
export const withoutChildren: NonNullable<FastifyServerOptions['childLoggerFactory']> = (
  logger,
  bindings,
  options,
) => (options.level === undefined ? logger : logger.child(bindings, options))
