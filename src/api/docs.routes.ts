import type { FastifyInstance } from 'fastify'
import type { PublicCounts } from '../count/public-counts.ts'
import { PUBLIC_CACHE, sendPage } from '../platform/web/send-page.ts'
import type { Site } from '../site.ts'
import { type DocsPage, viewDocs } from './docs.page.ts'
import { makeExamples } from './make-examples.ts'
import { readDescription } from './openapi.ts'

/** In English alone: it is for people who write programs. */
export function docsRoute(api: FastifyInstance, site: Site, publicCounts: PublicCounts): void {
  api.get('/docs', { schema: { hide: true } }, async (_request, reply) => {
    const description = readDescription(api)
    const page = site.makePage({
      language: 'en',
      title: description.info.title,
      description: 'Petitions and their counts as JSON, CSV and XLSX, for anyone to reuse',
      path: () => '/api/docs',
      offered: ['en'],
      indexed: true,
    })
    const [petition] = await site.petitions.all()
    const first = petition && {
      slug: petition.slug,
      examples: await makeExamples(site, publicCounts, petition),
    }
    const docs: DocsPage = viewDocs(page, description, first ?? null)
    return sendPage(reply, 'export/docs.hbs', docs, { cache: PUBLIC_CACHE })
  })
}
