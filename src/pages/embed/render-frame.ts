import type { FastifyReply } from 'fastify'
import type { MadeAnswer } from '../../platform/web/answer-cache.ts'
import type { Page } from '../../platform/web/page.ts'
import { PUBLIC_CACHE } from '../../platform/web/send-page.ts'

/** Like renderPublic, within the frame's own layout. */
export async function renderFrame(
  reply: FastifyReply,
  template: string,
  page: Page,
): Promise<MadeAnswer> {
  return {
    body: await reply.viewFrameAsync(template, page),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': page.language,
      'cache-control': PUBLIC_CACHE,
    },
  }
}
