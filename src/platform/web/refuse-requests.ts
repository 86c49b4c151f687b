import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { languages } from '../i18n/translate.ts'
import { HttpError, plainMessages } from './http-error.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Takes posts from other sites' pages, too: nothing is done in the reader's name. */
    fromAnySite?: boolean
    /** Answers what another site's page sent in the route's place, and gives back what was typed. */
    answerOtherSite?(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>
  }
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Another site's page must not post here in a reader's name. Sec-Fetch-Site tells in every current
 * browser; older ones send Origin. A client that sends neither is no browser and carries nobody's
 * trust, since there are no cookies. Before any route is added.
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

/** Once the form is read, and before the route is asked. */
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
 * Answers 404 before any route is asked where `:lang` is no language of the site, the empty one of
 * `//p/…` too: from there on it is safe to look strings up by it and to begin a path with it.
 */
export function refuseUnknownLanguages(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { lang } = request.params as { lang?: string }
    if (lang === undefined || known.has(lang)) done()
    else done(new HttpError(404, plainMessages[404]!))
  })
}

/** The names by which a browser on this machine reaches it; any port, for one may be forwarded to another. */
const OWN = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i

/**
 * Whether a request to what only this machine may read was sent to this machine by name. A page of another
 * site whose name its owner lets point to 127.0.0.1 (DNS rebinding) shares an origin with what answers there,
 * and could read it; the browser tells that name in `Host`.
 */
export function isOwnHost(host: string | undefined): boolean {
  return host !== undefined && OWN.test(host)
}

/** RFC 9110, 15.5.20. */
export const MISDIRECTED = 421
export const MISDIRECTED_TEXT = 'Open this page as http://127.0.0.1 or http://localhost.\n'
