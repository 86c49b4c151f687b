import {
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify'
import { isLook } from './redirect-to-meant.ts'

/**
 * One line for a request that was refused or failed, none for one that succeeded: metrics count those, and a log
 * that doesn't hold when somebody read or signed can't be seized for it. At LOG_LEVEL=debug every request has its
 * line.
 */
class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    if (isLook(request) && !error) return
    const level = error ? 'error' : reply.statusCode >= 400 ? 'info' : 'debug'
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
