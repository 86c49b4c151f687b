import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isDatabaseAway, kindOfAway } from '../database/unavailable.ts'
import { sayWhyAway } from './request-log.ts'
import type { Headers } from './security-headers.ts'

export const RETRY_AFTER_SECONDS = 30
const TOO_MANY_CACHE = 'public, max-age=60'
/** Statuses with words of their own in views/error.hbs. */
const PAGES = new Set([400, 403, 404, 413, 429, 500, 503])
/** Their answers are JSON, also when they are errors. */
const FOR_CLIENTS = /^\/(?:(?:api|log)(?:\/|$)|oembed(?:\?|$))/
/** Addresses that programs ask for, such as `/ads.txt` or `/.well-known/…`: they have no use for a page. */
const A_FILE = /^\/\.well-known(?:\/|$)|^[^?]*\.(?!html?(?:\?|$))[a-z0-9]{2,12}(?:\?|$)/i

/** What a page about an error says beside its status. */
export interface ErrorWords {
  /** The words under `problem` in views/locales/. */
  words?: string
  /** Where a signer can still leave: a path by language. */
  leave?: (language: string) => string
}

/** A route's decision to answer with an error status. The message is for API clients, in English. */
export class HttpError extends Error {
  readonly statusCode: number
  readonly page: ErrorWords

  /** @param page where the status's own words don't say enough */
  constructor(statusCode: number, message: string, page: ErrorWords = {}) {
    super(message)
    this.statusCode = statusCode
    this.page = page
  }
}

/** One sentence a status, for API clients where the error's own message must stay inside. */
export const plainMessages: Readonly<Record<number, string>> = {
  400: 'the request is malformed',
  403: 'this is refused',
  404: 'there is nothing at this address',
  405: 'this method is not known here',
  408: 'the request took too long to arrive',
  413: 'the request is too large',
  415: 'this content type is not understood here',
  417: 'what the request expects is not done here',
  429: 'too many requests: try again later',
  431: 'the headers of the request are too large',
  500: 'something went wrong on our side',
  503: 'the service is away for a moment: try again later',
}

export type RenderErrorPage = (
  request: FastifyRequest,
  status: number,
  page?: ErrorWords,
) => Promise<string | Buffer>

/** The one place that turns errors into answers: JSON below /api and /log and at /oembed, a line for files, else a page. */
export function handleErrors(app: FastifyInstance, renderErrorPage: RenderErrorPage): void {
  const answer = createAnswer(renderErrorPage)
  app.setErrorHandler(answer)
  app.setNotFoundHandler((request, reply) =>
    answer(new HttpError(404, plainMessages[404]!), request, reply),
  )
}

/**
 * The page that a proxy in front shows when it limits forms: docs/operating.md. Without `:lang`, which would answer
 * 404 in a language that the site lacks and hide the refusal.
 */
export function tooManyRoutes(app: FastifyInstance, renderErrorPage: RenderErrorPage): void {
  for (const path of ['/too-many-requests', '/:first/too-many-requests']) {
    app.get(path, async (request, reply) =>
      reply
        .status(429)
        .headers({
          'cache-control': TOO_MANY_CACHE,
          vary: 'accept-language',
          'retry-after': RETRY_AFTER_SECONDS,
        })
        .type('text/html; charset=utf-8')
        .send(await renderErrorPage(request, 429)),
    )
  }
}

/** For addresses that can't be parsed or are too long: Fastify runs no hooks for them. */
export function createFrameworkAnswer(
  renderErrorPage: RenderErrorPage,
  headers: Headers,
): ReturnType<typeof createAnswer> {
  const answer = createAnswer(renderErrorPage)
  return (error, request, reply) =>
    answer(error, request, reply.headers({ ...headers, 'x-request-id': request.id }))
}

function createAnswer(renderErrorPage: RenderErrorPage) {
  return async (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const status = statusOf(error)
    const isDecided = error instanceof HttpError
    // A client that hangs up half-way is no fault of ours and raises no alarm; nor does a route's own decision.
    if (status === 503) sayWhyAway(request, isDecided ? error.message : kindOfAway(error as Error))
    else if (status >= 500 && !request.raw.socket.destroyed) {
      const level = isDecided ? 'warn' : 'error'
      request.log[level]({ reqId: request.id, err: error }, 'request failed')
    }
    reply.status(status).header('cache-control', 'no-store')
    if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS)
    if (FOR_CLIENTS.test(request.url)) {
      const mayBeTold = isDecided || (status < 500 && error instanceof Error)
      const message = mayBeTold ? error.message : plainMessages[status]
      return reply.send({ statusCode: status, error: STATUS_CODES[status], message })
    }
    if (status === 404 && A_FILE.test(request.url)) {
      return reply.type('text/plain; charset=utf-8').send(`${plainMessages[404]}\n`)
    }
    const words = isDecided ? error.page : {}
    const known = PAGES.has(status) || words.words ? status : nearest(status)
    const page = await renderErrorPage(request, known, words).catch((failure: unknown) => {
      request.log.error({ reqId: request.id, err: failure }, 'the error page could not be made')
      return plainMessages[status] ?? plainMessages[500]!
    })
    return reply.type('text/html; charset=utf-8').send(page)
  }
}

function statusOf(error: unknown): number {
  if (isDatabaseAway(error)) return 503
  const status = (error as FastifyError).statusCode
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500
}

const nearest = (status: number) => (status >= 500 ? 500 : 400)
