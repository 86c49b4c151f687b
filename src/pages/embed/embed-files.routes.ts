import type { FastifyInstance } from 'fastify'
import { readPublicFile } from '../../platform/web/assets.ts'
import { HttpError, plainMessages } from '../../platform/web/http-error.ts'
import { allowScripts } from '../../platform/web/security-headers.ts'
import { sendCacheable } from '../../platform/web/send-page.ts'
import { writeColours } from './host-colours.ts'

/** Hosts name the script without a version. */
const SCRIPT_CACHE = 'public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800'
const COLOURS_CACHE = 'public, max-age=86400'

/** The script for pages of other sites, and style sheets in their colours. */
export function embedFilesRoutes(app: FastifyInstance): void {
  const script = readPublicFile('embed.js')

  app.get('/embed.js', async (_request, reply) =>
    sendCacheable(allowScripts(reply).type('text/javascript; charset=utf-8'), script, SCRIPT_CACHE),
  )

  app.get<{ Params: { name: string } }>('/embed-colours/:name', async (request, reply) => {
    const sheet = writeColours(request.params.name)
    if (sheet === null) throw new HttpError(404, plainMessages[404]!)
    return sendCacheable(reply.type('text/css; charset=utf-8'), sheet, COLOURS_CACHE)
  })
}
