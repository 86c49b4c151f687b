import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { withdrawPath } from '../petition/paths.ts'
import { isDropped, type Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { HttpError } from '../platform/web/http-error.ts'
import { keptQuery } from '../platform/web/read-query.ts'
import { redirectWithin } from '../platform/web/redirect-within.ts'
import { attributionQuery, readAttributionQuery } from '../sharing/attribution.ts'

/**
 * The petition of an address.
 *
 * @param language in which it has a text, even one that was dropped since: `redirectDropped` leads readers on,
 *   and a form that was opened before may still be sent
 * @param options `hidden`: whether a page goes on while the petition's texts are hidden
 * @throws HttpError 404 when there is no such petition, it is a draft, or it never was in that language; 410 when it is
 *   hidden or deleted
 */
export async function getPetition(
  petitions: Pick<Petitions, 'find' | 'isDeleted'>,
  slug: string,
  language?: string,
  { hidden = 'refused' }: { hidden?: 'refused' | 'found' } = {},
): Promise<Petition> {
  const petition = await petitions.find(slug)
  const isUnknown = !petition?.publishedAt
  // Also while a draft waits to take its place.
  if (isUnknown && (await petitions.isDeleted({ slug }))) throw deletedError()
  if (isUnknown || (language !== undefined && !petition.texts.has(language))) {
    throw new HttpError(
      404,
      `there is no petition "${slug}"${language !== undefined ? ` in "${language}"` : ''}`,
    )
  }
  if (petition.hiddenAt && hidden === 'refused') throw hiddenError(petition)
  return petition
}

export const deletedError = () =>
  new HttpError(410, 'this petition was deleted, before anybody signed it', { words: 'deleted' })

/** Whoever has signed can still leave. */
const hiddenError = ({ slug }: Petition) =>
  new HttpError(410, 'this petition is hidden: its texts are not shown at present', {
    words: 'hidden',
    leave: withdrawPath(slug),
  })

/** Carries the dropped language to the page that the reader is led to. */
export const DROPPED_QUERY = 'was'

const PETITION = '/:lang/p/:slug'
const VERSIONS = `${PETITION}/versions/`

/**
 * Redirects the pages of a dropped language to the same page in the petition's default language, and keeps
 * the attribution. Old versions of the text stay where they were. To be called before any route is added.
 */
export function redirectDropped(app: FastifyInstance, petitions: Pick<Petitions, 'find'>): void {
  app.addHook('onRoute', (route) => {
    if (!isPageOfPetition(route)) return
    const redirect = async (request: FastifyRequest, reply: FastifyReply) => {
      const { lang, slug } = request.params as { lang: string; slug: string }
      const petition = await petitions.find(slug)
      if (!petition?.publishedAt || !isDropped(petition, lang)) return
      const [path = '', query = ''] = request.url.split('?')
      const rest = path.slice(`/${lang}`.length)
      const kept = attributionQuery(readAttributionQuery(request.query))
      const isPetitionItself = route.url === PETITION
      const note = `${kept ? `${kept}&` : '?'}${DROPPED_QUERY}=${lang}`
      const handed = keptQuery(query)
      const given = handed ? `?${handed}` : ''
      const [first] = petition.settings.languages
      return redirectWithin(reply, `/${first}${rest}${isPetitionItself ? note : given}`, 302)
    }
    route.preHandler = [route.preHandler ?? [], redirect].flat()
  })
}

function isPageOfPetition({ method, url }: RouteOptions): boolean {
  return [method].flat().includes('GET') && url.startsWith(PETITION) && !url.startsWith(VERSIONS)
}
