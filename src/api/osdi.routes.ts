import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import type { Counts } from '../count/counts.ts'
import { getPetition } from '../pages/get-petition.ts'
import { anyLanguagePath } from '../petition/paths.ts'
import { currentText, type Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { sendCacheable } from '../platform/web/send-page.ts'
import { answersOf, answersOfList, SlugParams, TitleQuery } from './api.schemas.ts'
import {
  answersOfEntry,
  type EntryAnswer,
  HAL,
  MAX_PAGE_SIZE,
  OsdiPetition,
  OsdiPetitions,
  PageQuery,
} from './osdi.schemas.ts'

export interface OsdiNeeds {
  config: { publicUrl: string }
  petitions: Petitions
  counts: Pick<Counts, 'shown'>
}

const ENTRY = '/api/osdi/v1/'
const PETITIONS = `${ENTRY}petitions`

/** Petitions for programs that speak OSDI. Only to be read, and nothing of people: there is no such resource here. */
export function osdiApi(api: FastifyInstance, needs: OsdiNeeds): void {
  const { petitions } = needs
  const schema = {
    operationId: 'getOsdiEntryPoint',
    summary: 'The entry point for programs that speak OSDI',
    response: answersOfEntry(),
  }
  // With the slash as its own link has it, which descriptions of an API do without.
  for (const path of ['/osdi/v1', '/osdi/v1/']) {
    const isSame = path.endsWith('/')
    api.get(path, { schema: isSame ? { hide: true } : schema }, async (_request, reply) => {
      const { length } = await petitions.listed()
      return sendCacheable(reply.type(HAL), JSON.stringify(describeEntry(needs, length)))
    })
  }

  api.get<{ Querystring: Static<typeof PageQuery> }>(
    '/osdi/v1/petitions',
    {
      schema: {
        operationId: 'listOsdiPetitions',
        summary: 'Petitions with their counts, as OSDI has them',
        querystring: PageQuery,
        response: answersOfList(HAL, 'A page of petitions', OsdiPetitions),
      },
    },
    async (request, reply) => {
      const { page = 1, per_page: size = MAX_PAGE_SIZE } = request.query
      const all = await petitions.listed()
      const body = await describePage(needs, all, { page, size })
      return sendCacheable(reply.type(HAL), JSON.stringify(body))
    },
  )

  api.get<{ Params: Static<typeof SlugParams>; Querystring: Static<typeof TitleQuery> }>(
    '/osdi/v1/petitions/:slug',
    {
      schema: {
        operationId: 'getOsdiPetition',
        summary: 'One petition with its count, as OSDI has it',
        params: SlugParams,
        querystring: TitleQuery,
        response: answersOf(HAL, 'The petition', OsdiPetition),
      },
    },
    async (request, reply) => {
      const petition = await getPetition(petitions, request.params.slug)
      const body = await describeLinked(needs, petition, request.query.lang ?? '')
      return sendCacheable(reply.type(HAL), JSON.stringify(body))
    },
  )
}

export const describeEntry = (needs: OsdiNeeds, petitions: number): Static<typeof EntryAnswer> => ({
  motd: `Petitions and their counts, to be read by anyone without a key. Petitions at present: ${petitions}. There are no people and no signatures here: this server can't read who has signed.`,
  max_pagesize: MAX_PAGE_SIZE,
  _links: {
    self: { href: `${needs.config.publicUrl}${ENTRY}`, title: 'This entry point' },
    'osdi:petitions': { href: `${needs.config.publicUrl}${PETITIONS}`, title: 'Petitions' },
    docs: { href: `${needs.config.publicUrl}/api/docs`, title: 'Documentation' },
    ...linksOf(needs),
  },
})

const linksOf = ({ config }: OsdiNeeds) => ({
  curies: [
    {
      name: 'osdi',
      href: 'https://opensupporter.github.io/osdi-docs/{rel}.html',
      templated: true,
    },
    { name: 'undersigned', href: `${config.publicUrl}/api/docs#{rel}`, templated: true },
  ],
})

export async function describePage(
  needs: OsdiNeeds,
  all: Petition[],
  { page, size }: { page: number; size: number },
): Promise<Static<typeof OsdiPetitions>> {
  const pages = Math.max(1, Math.ceil(all.length / size))
  const shown = all.slice((page - 1) * size, page * size)
  const described = await Promise.all(shown.map((one) => describeOsdiPetition(needs, one, '')))
  const href = (nth: number) => ({
    href: `${needs.config.publicUrl}${PETITIONS}?page=${nth}&per_page=${size}`,
  })
  return {
    total_pages: pages,
    per_page: size,
    page,
    total_records: all.length,
    _links: {
      self: href(page),
      ...(page < pages && { next: href(page + 1) }),
      ...(page > 1 && { previous: href(Math.min(page - 1, pages)) }),
      'osdi:petitions': described.map(({ _links }) => _links.self),
      ...linksOf(needs),
    },
    _embedded: { 'osdi:petitions': described },
  }
}

/** As an answer of its own: it says what the names of its links mean. */
export async function describeLinked(needs: OsdiNeeds, petition: Petition, language: string) {
  const described = await describeOsdiPetition(needs, petition, language)
  const { curies } = linksOf(needs)
  return { ...described, _links: { ...described._links, curies } }
}

/** @param language of the texts; the default one where there are none */
async function describeOsdiPetition(
  { config, counts }: OsdiNeeds,
  petition: Petition,
  language: string,
): Promise<Static<typeof OsdiPetition>> {
  const { slug } = petition
  const { content } = currentText(petition, language)
  const own = `${config.publicUrl}/api/v1/petitions/${slug}`
  return {
    identifiers: [`undersigned:${slug}`],
    origin_system: 'Undersigned',
    created_date: (petition.publishedAt ?? petition.updatedAt).toISOString(),
    modified_date: petition.updatedAt.toISOString(),
    name: slug,
    title: content.title,
    summary: content.summary,
    petition_text: content.body,
    browser_url: `${config.publicUrl}${anyLanguagePath(slug)}`,
    total_signatures: (await counts.shown(petition.id)).counted,
    target: [{ name: content.whom }],
    _links: {
      self: { href: `${config.publicUrl}${PETITIONS}/${slug}` },
      'undersigned:petition': { href: own },
      'undersigned:counts': { href: `${own}/counts` },
    },
  }
}
