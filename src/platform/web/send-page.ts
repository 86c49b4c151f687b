import '@fastify/view'
import type { FastifyReply } from 'fastify'
import type { MadeAnswer } from './answer-cache.ts'
import { makeTag } from './encoding.ts'
import type { Page } from './page.ts'

/**
 * A page that is the same for everyone. Fresh for one second, like the count on it; caches may show it for another
 * second while they fetch a new one, and for a day while this server is away.
 */
export const PUBLIC_CACHE = 'public, max-age=1, stale-while-revalidate=1, stale-if-error=86400'

/** Figures: less than two seconds behind, the counting included. */
export const FIGURES_CACHE = 'public, max-age=1, stale-if-error=86400'

/** A page for one link or one form. */
export const PRIVATE_CACHE = 'private, no-store'

/** A page for one reader. */
export async function sendPage<P extends Page>(
  reply: FastifyReply,
  template: string,
  page: P,
  { status = 200 }: { status?: number } = {},
) {
  const html = await reply.viewAsync(template, page)
  return reply
    .status(status)
    .type('text/html; charset=utf-8')
    .headers({ 'content-language': page.language, 'cache-control': PRIVATE_CACHE })
    .send(html)
}

/** A page that is the same for everyone who asks for its address, for the cache of answers. */
export async function renderPublic<P extends Page>(
  reply: FastifyReply,
  template: string,
  page: P,
): Promise<MadeAnswer> {
  return {
    body: await reply.viewAsync(template, page),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': page.language,
      'cache-control': PUBLIC_CACHE,
    },
  }
}

/** Sends the body with an ETag; compress-answers.ts answers 304 to a reader who has it. */
export function sendCacheable(reply: FastifyReply, body: string | Buffer, cache = FIGURES_CACHE) {
  return reply.headers({ etag: makeTag(body), 'cache-control': cache }).send(body)
}
