import type { FastifyInstance } from 'fastify'
import { attempt, MalformedError } from '../../log/core/canonical.ts'
import { TILE_WIDTH, tileWidth } from '../../log/core/tree/tile.ts'
import { parsePath } from '../../log/core/tree/tile-path.ts'
import { createGetTile, getBundle } from '../../log/store/read-log.ts'
import { allowOtherSites } from '../../platform/web/allow-other-sites.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import { sendCompressed } from '../../platform/web/send-compressed.ts'
import { sendCacheable } from '../../platform/web/send-page.ts'
import type { Site } from '../../site.ts'

/** What lies under a tile's path never changes, partial ones included: the path says how much it is. */
const IMMUTABLE = 'public, max-age=31536000, immutable'
/** A partial tile is soon asked for under another path; nobody needs to keep it for long. */
const PARTIAL = 'public, max-age=86400, immutable'
const CHECKPOINT = 'public, max-age=2, stale-if-error=86400'
const VKEY = 'public, max-age=3600, stale-if-error=86400'

const TEXT = 'text/plain; charset=utf-8'

/** The public log's files (c2sp.org/tlog-tiles), for every site, tool and cache. */
export async function logRoutes(app: FastifyInstance, site: Site): Promise<void> {
  const { publicReads, publicLog } = site
  allowOtherSites(app)

  app.get('/checkpoint', async (_request, reply) => {
    const { checkpoint } = await published()
    return sendCacheable(reply.type(TEXT), Buffer.from(checkpoint), CHECKPOINT)
  })

  app.get('/vkey', async (_request, reply) => {
    const { vkey } = await published()
    return sendCacheable(reply.type(TEXT), `${vkey}\n`, VKEY)
  })

  app.get<{ Params: { '*': string } }>('/tile/*', async (request, reply) => {
    const place = attempt(() => parsePath(`tile/${request.params['*']}`))
    if (place instanceof MalformedError) throw new HttpError(404, place.message)
    const level = place.kind === 'tile' ? place.level : 0
    const isBeyond = (size: number) => place.width > tileWidth(size, level, place.n)
    let { size } = await published()
    // Another node may have shown a checkpoint that is a moment newer than what this one holds.
    if (isBeyond(size)) size = (await publicLog.renew())?.size ?? 0
    // Nothing beyond what is signed is shown: it might never be.
    if (isBeyond(size)) throw new HttpError(404, `a log of ${size} entries has no such tile`)
    const bytes = await publicReads.read(
      (db) =>
        place.kind === 'tile'
          ? createGetTile(db)(place.level, place.n, place.width)
          : getBundle(db, place.n, place.width),
      // It is there, since it is signed; a replica may lack it for a moment more.
      (found) => found !== null,
    )
    if (!bytes) throw new HttpError(404, 'no such tile')
    const cache = place.width === TILE_WIDTH ? IMMUTABLE : PARTIAL
    reply.type('application/octet-stream')
    // Hashes can't be made smaller; entries can, and c2sp.org/tlog-tiles asks for it.
    return place.kind === 'tile'
      ? sendCacheable(reply, Buffer.from(bytes), cache)
      : sendCompressed(reply, Buffer.from(bytes), cache)
  })

  async function published() {
    const log = await publicLog()
    if (!log) throw new HttpError(404, 'the public log has no checkpoint yet: try again soon')
    return log
  }
}
