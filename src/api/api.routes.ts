import type { FastifyInstance } from 'fastify'
import { allowOtherSites } from '../platform/web/allow-other-sites.ts'
import { HttpError, plainMessages } from '../platform/web/http-error.ts'
import type { Site } from '../site.ts'
import { countsApi } from './counts.routes.ts'
import { docsRoute } from './docs.routes.ts'
import { explainRefusal } from './explain-refusal.ts'
import { describeApi } from './openapi.ts'
import { petitionsApi } from './petitions.routes.ts'
import { provenanceApi } from './provenance.routes.ts'

/** The public API, in a scope of its own: its description must not list the site's pages. */
export async function apiRoutes(app: FastifyInstance, site: Site): Promise<void> {
  const publicCounts = site.counts.publicTable
  await app.register(
    async (api) => {
      allowOtherSites(api)
      api.setSchemaErrorFormatter(explainRefusal)
      // An unknown address below /api must tell other sites' scripts so, too.
      api.setNotFoundHandler(() => {
        throw new HttpError(404, plainMessages[404]!)
      })
      await describeApi(api, site.config.publicUrl)
      petitionsApi(api, site)
      provenanceApi(api, site)
      countsApi(api, site, publicCounts)
      docsRoute(api, site, publicCounts)
    },
    { prefix: '/api' },
  )
}
