import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpError } from './http-error.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Takes posts from other sites' pages, too: its address is all that it goes by. */
    fromAnySite?: boolean
  }
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Another site's page must not post here in a reader's name. Sec-Fetch-Site tells in every current
 * browser; older ones send Origin. A client that sends neither is no browser and carries nobody's
 * trust, since there are no cookies.
 */
export function refuseCrossSite(app: FastifyInstance, { origin }: { origin: string }): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const isMeant = SAFE_METHODS.has(request.method) || request.routeOptions.config.fromAnySite
    if (isMeant || !isCrossSite(request, origin)) done()
    else done(new HttpError(403, 'this form was sent from another site'))
  })
}

function isCrossSite(request: FastifyRequest, origin: string): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const from = request.headers.origin
  if (from === undefined) return false
  // The address the reader used may differ from PUBLIC_URL: an onion service, localhost by number.
  return from !== origin && from !== `${request.protocol}://${request.host}`
}
