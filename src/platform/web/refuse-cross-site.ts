import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { HttpError } from './http-error.ts'

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
