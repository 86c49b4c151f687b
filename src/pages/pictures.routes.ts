import type { FastifyInstance } from 'fastify'
import type { Pictures } from '../picture/pictures.ts'
import { HttpError, plainMessages } from '../platform/web/http-error.ts'

/** As src/picture/ names them: by their content, which never changes. */
const NAME = /^[0-9a-f]{24}\.(avif|webp|jpg)$/
const TYPES = new Map([
  ['avif', 'image/avif'],
  ['webp', 'image/webp'],
  ['jpg', 'image/jpeg'],
])
const FOR_EVER = 'public, max-age=31536000, immutable'

export function pictureRoutes(
  app: FastifyInstance,
  { pictures }: { pictures: Pick<Pictures, 'file'> },
): void {
  app.get<{ Params: { name: string } }>('/pictures/:name', async (request, reply) => {
    const { name } = request.params
    const ending = NAME.exec(name)?.[1]
    const bytes = ending === undefined ? null : await pictures.file(name)
    if (!bytes) throw new HttpError(404, plainMessages[404]!)
    return reply
      .type(TYPES.get(ending!)!)
      .headers({ 'cache-control': FOR_EVER, 'content-security-policy': "default-src 'none'" })
      .send(bytes)
  })
}
