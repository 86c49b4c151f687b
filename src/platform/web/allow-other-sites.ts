import type { FastifyInstance } from 'fastify'

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
