import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { readAssets } from './assets.ts'
import { sendCacheable } from './send-page.ts'

const ONE_DAY = 'public, max-age=86400'

/**
 * Files that browsers and search engines ask every site for. Nothing is disallowed: pages for one link or form say
 * `noindex` themselves, which an engine that may not read them would never learn.
 */
export function robotsRoutes(app: FastifyInstance, { publicUrl }: { publicUrl: string }): void {
  const { folder, paths } = readAssets()
  const icon = readFileSync(join(folder, basename(paths.icon)))
  const robots = `User-agent: *\nAllow: /\n\nSitemap: ${publicUrl}/sitemap.xml\n`

  app.get('/robots.txt', async (_request, reply) =>
    sendCacheable(reply.type('text/plain; charset=utf-8'), robots, ONE_DAY),
  )
  // Browsers go by the type and not by the name. Pages link to the icon; this is for answers that are no pages.
  app.get('/favicon.ico', async (_request, reply) =>
    sendCacheable(reply.type('image/svg+xml'), icon, ONE_DAY),
  )
}
