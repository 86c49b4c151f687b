import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { isDropped } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { redirectWithin } from '../platform/web/redirect-within.ts'
import { attributionQuery, readAttributionQuery } from '../sharing/attribution.ts'

/** Says in which language the reader's link was. */
export const DROPPED_QUERY = 'was'

const PETITION = '/:lang/p/:slug'
const VERSIONS = `${PETITION}/versions/`

/**
 * Leads from the pages of a language that a petition had once to the same page in its default language, and
 * keeps who is credited. Old versions of the text stay where they were. Before any route is added.
 */
export function redirectDropped(app: FastifyInstance, petitions: Petitions): void {
  app.addHook('onRoute', (route) => {
    if (!isPageOfPetition(route)) return
    const redirect = async (request: FastifyRequest, reply: FastifyReply) => {
      const { lang, slug } = request.params as { lang: string; slug: string }
      const petition = await petitions.find(slug)
      if (!petition || !isDropped(petition, lang)) return
      const [path = '', query = ''] = request.url.split('?')
      const rest = path.slice(`/${lang}`.length)
      const kept = attributionQuery(readAttributionQuery(request.query))
      const isPetitionItself = route.url === PETITION
      const note = `${kept ? `${kept}&` : '?'}${DROPPED_QUERY}=${lang}`
      const given = query ? `?${new URLSearchParams(query)}` : ''
      const [first] = petition.settings.languages
      return redirectWithin(reply, `/${first}${rest}${isPetitionItself ? note : given}`, 302)
    }
    route.preHandler = [route.preHandler ?? [], redirect].flat()
  })
}

function isPageOfPetition({ method, url }: RouteOptions): boolean {
  return [method].flat().includes('GET') && url.startsWith(PETITION) && !url.startsWith(VERSIONS)
}
