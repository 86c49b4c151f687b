import type { FastifyInstance } from 'fastify'

/** Everything a page needs comes from here; nothing else is asked, nobody may frame it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** For a page that may stand behind a proxy of another name, and has a form to the site itself. */
export const policyWithFormTo = (origin: string) =>
  CONTENT_SECURITY_POLICY.replace("form-action 'self'", `form-action 'self' ${origin}`)

const ONE_YEAR_SECONDS = 31_536_000

export type Headers = Readonly<Record<string, string>>

/**
 * What every answer carries, those too that are made outside of Fastify's hooks.
 *
 * @param https true when readers come over HTTPS: then they are told to stay there
 */
export function securityHeaders({ https }: { https: boolean }): Headers {
  return {
    'content-security-policy': CONTENT_SECURITY_POLICY,
    // Our own pages learn where a reader came from within the site; no one else learns anything.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), browsing-topics=()',
    'x-robots-tag': 'noai, noimageai',
    ...(https && { 'strict-transport-security': `max-age=${ONE_YEAR_SECONDS}` }),
  }
}

export function addSecurityHeaders(app: FastifyInstance, headers: Headers): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}

const ONE_DAY_SECONDS = 86_400
/** Figures have no window to guard, and are asked for often: the policy of content stays. */
const OF_DOCUMENTS = ['cross-origin-opener-policy', 'permissions-policy', 'x-frame-options']

/**
 * Any site's script may read what is below this scope (Fetch, "CORS protocol"). No credentials: there
 * are none, and `*` forbids them. It asks beforehand only when it sends `If-None-Match` by hand.
 */
export function allowOtherSites(api: FastifyInstance): void {
  const headers = {
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'etag, retry-after, content-disposition, content-language',
    'cross-origin-resource-policy': 'cross-origin',
  }
  api.addHook('onRequest', (_request, reply, done) => {
    for (const name of OF_DOCUMENTS) reply.removeHeader(name)
    reply.headers(headers)
    done()
  })
  api.options('/*', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .status(204)
      .headers({
        'access-control-allow-methods': 'GET, HEAD, OPTIONS',
        'access-control-allow-headers': '*',
        'access-control-max-age': ONE_DAY_SECONDS,
      })
      .send(),
  )
}
