import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Config } from '../config.ts'
import type { Counts } from '../count/counts.ts'
import { mediaTypes, toCsv } from '../count/write-counts.ts'
import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import type { AnswerCache } from '../platform/web/answer-cache.ts'
import type { MakePage, Page } from '../platform/web/page.ts'
import { renderPublic, sendCacheable } from '../platform/web/send-page.ts'
import { type DescribeNeeds, describePetition } from './petitions.routes.ts'

/** It changes only with a new release. */
const OPENAPI_CACHE = 'public, max-age=300'

const DESCRIPTION =
  'Petitions and their counts, for anyone to read and reuse: no key, no sign-in, no cookie. Figures ' +
  'are a few seconds old at most. Every answer has an ETag: send it back as If-None-Match, and an ' +
  'unchanged answer costs a 304 without a body. Fields may be added within version 1; none goes away.'

/** The parts of an OpenAPI 3.1 document that the page of docs reads. */
interface ApiDescription {
  info: { title: string; description: string }
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
}

interface Operation {
  operationId: string
  summary: string
  parameters?: {
    name: string
    in: 'path' | 'query'
    required?: boolean
    description?: string
    schema: { enum?: string[]; default?: string }
  }[]
}

/** Describes the routes that are added to this scope from now on, and serves the description. */
export async function describeApi(api: FastifyInstance, publicUrl: string): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Undersigned API', version: '1.0.0', description: DESCRIPTION },
      servers: [{ url: publicUrl }],
    },
  })
  let body: string | null = null
  api.get('/v1/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    body ??= JSON.stringify(readDescription(api))
    return sendCacheable(reply.type(mediaTypes.json), body, OPENAPI_CACHE)
  })
}

/** Complete once the server listens. */
const readDescription = (api: FastifyInstance) => api.swagger() as unknown as ApiDescription

/** GET /api/docs, read from the OpenAPI description. */
interface DocsPage extends Page {
  heading: string
  introduction: string
  openapi: string
  operations: {
    id: string
    summary: string
    method: string
    path: string
    parameters: {
      name: string
      required: boolean
      text: string
      choices: string
      standard: string
    }[]
    /** Null while there is no petition; `body` is null for a binary answer. */
    example: { url: string; body: string | null } | null
  }[]
}

interface DocsNeeds extends DescribeNeeds {
  config: Config
  petitions: Petitions
  counts: Counts
  answers: AnswerCache
  makePage: MakePage
}

/** In English only, for people who write programs. */
export function docsRoute(api: FastifyInstance, needs: DocsNeeds): void {
  api.get('/docs', { schema: { hide: true } }, async (_request, reply) =>
    needs.answers.send(reply, { key: 'api docs', make: () => make(reply) }),
  )

  async function make(reply: FastifyReply) {
    const description = readDescription(api)
    const page = needs.makePage({
      language: 'en',
      title: description.info.title,
      description: 'Petitions and their counts as JSON, CSV and XLSX, for anyone to reuse',
      path: () => '/api/docs',
      offered: ['en'],
      indexed: true,
    })
    const [petition] = await needs.petitions.all()
    const first = petition && {
      slug: petition.slug,
      examples: await makeExamples(needs, petition),
    }
    const docs: DocsPage = viewDocs(page, description, first ?? null)
    return renderPublic(reply, 'api-docs.hbs', docs)
  }
}

/** @param first the petition whose answers are shown; null while there is none */
function viewDocs(
  page: Page,
  { info, servers, paths }: ApiDescription,
  first: { slug: string; examples: Record<string, Example> } | null,
): DocsPage {
  const [server] = servers
  return {
    ...page,
    heading: info.title,
    introduction: info.description,
    openapi: '/api/v1/openapi.json',
    operations: Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => {
        const example = first?.examples[operation.operationId]
        const address = `${server!.url}${path.replace('{slug}', first?.slug ?? '')}`
        return {
          id: operation.operationId,
          summary: operation.summary,
          method: method.toUpperCase(),
          path,
          parameters: viewParameters(operation),
          example: example ? { url: `${address}${example.query}`, body: example.body } : null,
        }
      }),
    ),
  }
}

function viewParameters({ parameters = [] }: Operation) {
  const ordered = [...parameters].sort((a, b) => a.in.localeCompare(b.in))
  return ordered.map(({ name, required = false, description = '', schema }) => ({
    name,
    required,
    text: description,
    choices: schema.enum?.join(', ') ?? '',
    standard: schema.default ?? '',
  }))
}

/** A list by country may be long; the first lines show how it goes on. */
const MAX_LINES = 40

interface Example {
  /** With its question mark, or empty. */
  query: string
  /** Null for a binary answer. */
  body: string | null
}

/** The answer of each operation for this petition at this moment, by operationId. */
async function makeExamples(
  needs: DocsNeeds,
  petition: Petition,
): Promise<Record<string, Example>> {
  const described = await describePetition(needs, petition, '')
  const countries = await needs.counts.publicTable(petition, 'country')
  const days = await needs.counts.publicTable(petition, 'day')
  return {
    listPetitions: { query: '', body: show({ petitions: [described] }) },
    getPetition: { query: '', body: show(described) },
    getCounts: { query: '?by=country', body: show(countries) },
    getCountsCsv: { query: '?by=day', body: cut(toCsv(days)) },
    getCountsXlsx: { query: '?by=hour', body: null },
  }
}

const show = (value: unknown) => cut(JSON.stringify(value, null, 2))

function cut(text: string): string {
  const lines = text.trimEnd().split('\n')
  return lines.length > MAX_LINES
    ? [...lines.slice(0, MAX_LINES), '…'].join('\n')
    : lines.join('\n')
}
