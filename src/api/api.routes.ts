import type { FastifyInstance } from 'fastify'
import type { FastifySchemaValidationError } from 'fastify/types/schema.js'
import type { Cards } from '../card/cards.ts'
import type { Counts } from '../count/counts.ts'
import { HttpError, plainMessages } from '../platform/web/http-error.ts'
import type { MakePage } from '../platform/web/page.ts'
import { allowOtherSites } from '../platform/web/security-headers.ts'
import type { Targets } from '../target/targets.ts'
import type { Updates } from '../update/updates.ts'
import { countsApi } from './counts.routes.ts'
import { describeApi } from './describe-api.ts'
import { docsRoute } from './docs.routes.ts'
import { osdiApi } from './osdi.routes.ts'
import { type PetitionsNeeds, petitionsApi } from './petitions.routes.ts'
import { provenanceApi } from './provenance.routes.ts'
import { targetsApi } from './targets.routes.ts'

interface Needs extends PetitionsNeeds {
  cards: Pick<Cards, 'version' | 'badge'>
  counts: Counts
  targets: Pick<Targets, 'of'>
  updates: Pick<Updates, 'of'>
  makePage: MakePage
}

/** The public API, in a scope of its own: its description must not list the site's pages. */
export async function apiRoutes(app: FastifyInstance, needs: Needs): Promise<void> {
  await app.register(
    async (api) => {
      allowOtherSites(api)
      api.setSchemaErrorFormatter(explainRefusal)
      // An unknown address below /api must tell other sites' scripts so, too.
      api.setNotFoundHandler(() => {
        throw new HttpError(404, plainMessages[404]!)
      })
      await describeApi(api, needs)
      petitionsApi(api, needs)
      provenanceApi(api, needs)
      countsApi(api, needs)
      targetsApi(api, needs)
      osdiApi(api, needs)
      docsRoute(api, needs)
    },
    { prefix: '/api' },
  )
}

/** Says what to write instead in a query that was refused; Fastify's schemaErrorFormatter. */
function explainRefusal(errors: FastifySchemaValidationError[]): Error {
  const [first] = errors
  const name = first?.instancePath.slice(1) ?? ''
  const { allowedValues } = (first?.params ?? {}) as { allowedValues?: string[] }
  if (!allowedValues)
    return new HttpError(400, `${name || 'the query'} ${first?.message ?? 'is refused'}`)
  const last = allowedValues.at(-1)
  const choices = `${allowedValues.slice(0, -1).join(', ')} or ${last}`
  const source = name === 'by' ? '; where signatures come from is for the organisers alone' : ''
  return new HttpError(400, `${name} must be one of ${choices}${source}`)
}
