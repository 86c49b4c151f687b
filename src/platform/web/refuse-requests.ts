import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { languages } from '../i18n/translate.ts'
import { HttpError, plainMessages } from './http-error.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Accepts posts from other sites' pages, too: they do nothing in the reader's name. */
    fromAnySite?: boolean
    /** Answers a post from another site's page in the route's place, and gives back the input. */
    answerOtherSite?(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>
  }
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses posts that another site's page makes in a reader's name. Every current browser sends Sec-Fetch-Site;
 * older ones send Origin. A client that sends neither is no browser and carries nobody's trust, since there are
 * no cookies. Called before any route is added.
 */
export function refuseCrossSite(app: FastifyInstance, { origin }: { origin: string }): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { fromAnySite, answerOtherSite } = request.routeOptions.config
    const isMeant = SAFE_METHODS.has(request.method) || fromAnySite || answerOtherSite
    if (isMeant || !isCrossSite(request, origin)) done()
    else done(new HttpError(403, 'this form was sent from another site'))
  })
  app.addHook('onRoute', (route) => answerInPlace(route, origin))
}

/** After the form is read, and before the route's handler. */
function answerInPlace(route: RouteOptions, origin: string): void {
  const answer = route.config?.answerOtherSite
  if (!answer) return
  const inPlace = async (request: FastifyRequest, reply: FastifyReply) =>
    isCrossSite(request, origin) ? answer(request, reply) : undefined
  route.preHandler = [inPlace, route.preHandler ?? []].flat()
}

export function isCrossSite(request: FastifyRequest, origin: string): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const from = request.headers.origin
  if (from === undefined) return false
  // The address the reader used may differ from PUBLIC_URL: an onion service, localhost by number.
  return from !== origin && from !== `${request.protocol}://${request.host}`
}

const known = new Set(languages)

/**
 * Answers 404 before any handler where `:lang` is no language of the site, also the empty one of `//p/…`: handlers
 * can safely look strings up by it and begin a path with it.
 */
export function refuseUnknownLanguages(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { lang } = request.params as { lang?: string }
    if (lang === undefined || known.has(lang)) done()
    else done(new HttpError(404, plainMessages[404]!))
  })
}

/** Names by which a browser on this machine reaches it; any port, since ports are forwarded. */
const OWN = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i

/**
 * Whether a request to a page for this machine alone names this machine. A site whose owner points its name to
 * 127.0.0.1 (DNS rebinding) shares an origin with servers there, and could read their pages; the browser sends the
 * site's name in `Host`.
 */
export function isOwnHost(host: string | undefined): boolean {
  return host !== undefined && OWN.test(host)
}

/** RFC 9110, 15.5.20. */
export const MISDIRECTED = 421
export const MISDIRECTED_TEXT = 'Open this page as http://127.0.0.1 or http://localhost.\n'
