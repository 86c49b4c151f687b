import type { FastifyInstance, FastifyReply } from 'fastify'

const ONE_YEAR_SECONDS = 31_536_000
const ONE_DAY_SECONDS = 86_400

const IN_NO_FRAME = "frame-ancestors 'none'"

/** Pages load everything from this site alone, and nobody may frame them. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  IN_NO_FRAME,
].join('; ')

export type Headers = Readonly<Record<string, string>>

/**
 * Headers of every answer, also of those made outside of Fastify's hooks.
 *
 * @param https true when readers come over HTTPS: Strict-Transport-Security keeps them there
 */
export function securityHeaders({ https }: { https: boolean }): Headers {
  return {
    'content-security-policy': CONTENT_SECURITY_POLICY,
    // Requests within the site carry a Referer, requests to other sites none.
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

/**
 * Lets other sites show this answer in a frame. None that asks to confirm, to leave or to decide may be one of these:
 * a site that frames it could lay a button of its own over ours.
 *
 * @param ancestors as `frame-ancestors` takes them: `https://news.example`, `*`
 */
export function inFrames(headers: Headers, ancestors: string): Headers {
  const policy = headers['content-security-policy'] ?? CONTENT_SECURITY_POLICY
  return {
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'x-frame-options')),
    'content-security-policy': policy.replace(IN_NO_FRAME, `frame-ancestors ${ancestors}`),
    // A page that isolates itself (COEP) asks for it.
    'cross-origin-resource-policy': 'cross-origin',
  }
}

/** For a page whose form posts to PUBLIC_URL though the page may be shown under a proxy's name. */
export const allowFormTo = (reply: FastifyReply, origin: string): FastifyReply =>
  reply.header(
    'content-security-policy',
    policyOf(reply).replace("form-action 'self'", `form-action 'self' ${origin}`),
  )

const policyOf = (reply: FastifyReply) =>
  String(reply.getHeader('content-security-policy') ?? CONTENT_SECURITY_POLICY)

/** For answers that a route makes: see `inFrames`. */
export function allowFrames(reply: FastifyReply, ancestors: string): FastifyReply {
  reply.removeHeader('x-frame-options')
  return reply.headers(inFrames({ 'content-security-policy': policyOf(reply) }, ancestors))
}

/** Headers that mean nothing for figures, which are asked for often; the content policy stays. */
const OF_DOCUMENTS = ['cross-origin-opener-policy', 'permissions-policy', 'x-frame-options']

/**
 * Scripts of any site may read the answers with these (Fetch, "CORS protocol"). Without credentials: there are
 * none, and `*` forbids them.
 */
const FOR_OTHER_SITES: Headers = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'etag, retry-after, content-disposition, content-language',
  'cross-origin-resource-policy': 'cross-origin',
}

/** Lets scripts of any site read this answer. */
export function allowScripts(reply: FastifyReply): FastifyReply {
  for (const name of OF_DOCUMENTS) reply.removeHeader(name)
  return reply.headers(FOR_OTHER_SITES)
}

/** For answers made outside of Fastify's hooks. */
export function headersForOtherSites(headers: Headers): Headers {
  const kept = Object.entries(headers).filter(([name]) => !OF_DOCUMENTS.includes(name))
  return { ...Object.fromEntries(kept), ...FOR_OTHER_SITES }
}

/** For all answers of this scope. A preflight comes only when a script sets `If-None-Match` itself. */
export function allowOtherSites(api: FastifyInstance): void {
  api.addHook('onRequest', (_request, reply, done) => {
    allowScripts(reply)
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
