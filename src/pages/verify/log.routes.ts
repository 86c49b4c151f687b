import type { FastifyInstance } from 'fastify'
import { attempt, MalformedError } from '../../log/core/canonical.ts'
import { TILE_WIDTH } from '../../log/core/tree/tile.ts'
import { parsePath } from '../../log/core/tree/tile-path.ts'
import type { PublicLog } from '../../log/public-log.ts'
import { sendCompressed } from '../../platform/web/encoding.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import { allowOtherSites } from '../../platform/web/security-headers.ts'
import { sendCacheable } from '../../platform/web/send-page.ts'

/** The bytes under a tile's path never change, of partial ones neither: the path says their width. */
const IMMUTABLE = 'public, max-age=31536000, immutable'
/** A partial tile is soon asked for under another path; no cache needs to keep it for long. */
const PARTIAL = 'public, max-age=86400, immutable'
const CHECKPOINT = 'public, max-age=2, stale-if-error=86400'
const VKEY = 'public, max-age=3600, stale-if-error=86400'

const TEXT = 'text/plain; charset=utf-8'

/** The public log's files (c2sp.org/tlog-tiles), for every site, tool and cache. */
export async function logRoutes(
  app: FastifyInstance,
  { publicLog }: { publicLog: PublicLog },
): Promise<void> {
  allowOtherSites(app)

  app.get('/checkpoint', async (_request, reply) => {
    const { checkpoint } = begun(await publicLog.published())
    return sendCacheable(reply.type(TEXT), Buffer.from(checkpoint), CHECKPOINT)
  })

  app.get('/vkey', async (_request, reply) => {
    const { vkey } = begun(await publicLog.published())
    return sendCacheable(reply.type(TEXT), `${vkey}\n`, VKEY)
  })

  app.get<{ Params: { '*': string } }>('/tile/*', async (request, reply) => {
    const file = attempt(() => parsePath(`tile/${request.params['*']}`))
    if (file instanceof MalformedError) throw new HttpError(404, file.message)
    const { size, isBeyond, bytes } = begun(await publicLog.readFile(file))
    if (isBeyond) throw new HttpError(404, `a log of ${size} entries has no such tile`)
    if (!bytes) throw new HttpError(404, 'no such tile')
    const cache = file.width === TILE_WIDTH ? IMMUTABLE : PARTIAL
    reply.type('application/octet-stream')
    // Hashes can't be made smaller; entries can, and c2sp.org/tlog-tiles asks for it.
    return file.kind === 'tile'
      ? sendCacheable(reply, Buffer.from(bytes), cache)
      : sendCompressed(reply, Buffer.from(bytes), cache)
  })
}

/** @throws HttpError 404 */
function begun<T>(log: T | null): T {
  if (log) return log
  throw new HttpError(404, 'the public log has no checkpoint yet: try again soon')
}
