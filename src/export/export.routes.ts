import type { FastifyInstance } from 'fastify'
import { allowOtherSites } from '../platform/web/allow-other-sites.ts'
import { HttpError, plainMessages } from '../platform/web/http-error.ts'
import type { Services } from '../services.ts'
import { countsApi } from './api/counts.routes.ts'
import { docsRoute } from './api/docs.routes.ts'
import { explainRefusal } from './api/explain-refusal.ts'
import { describeApi } from './api/openapi.ts'
import { petitionsApi } from './api/petitions.routes.ts'
import { provenanceApi } from './api/provenance.routes.ts'
import { createPublicCounts } from './api/public-counts.ts'

/** The public API, in a scope of its own: its description must not list the site's pages. */
export async function exportRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const publicCounts = createPublicCounts(services)
  await app.register(
    async (api) => {
      allowOtherSites(api)
      api.setSchemaErrorFormatter(explainRefusal)
      // An unknown address below /api must tell other sites' scripts so, too.
      api.setNotFoundHandler(() => {
        throw new HttpError(404, plainMessages[404]!)
      })
      await describeApi(api, services.config.publicUrl)
      petitionsApi(api, services)
      provenanceApi(api, services)
      countsApi(api, services, publicCounts)
      docsRoute(api, services, publicCounts)
    },
    { prefix: '/api' },
  )
}
