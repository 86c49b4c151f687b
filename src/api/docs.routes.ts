import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { mediaTypes } from '../count/write-counts.ts'
import type { AnswerCache } from '../platform/web/answer-cache.ts'
import type { MakePage, Page } from '../platform/web/page.ts'
import { renderPublic, sendCacheable } from '../platform/web/send-page.ts'
import { type Example, type ExampleNeeds, makeExamples, namesIn } from './make-examples.ts'
import { OUTSIDE_SCOPE } from './outside-scope.ts'

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
      info: {
        title: 'Undersigned API',
        version: '1.0.0',
        description: DESCRIPTION,
        license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
      },
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
function readDescription(api: FastifyInstance): ApiDescription {
  const description = api.swagger() as unknown as ApiDescription
  return { ...description, paths: { ...description.paths, ...OUTSIDE_SCOPE } }
}

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

interface DocsNeeds extends ExampleNeeds {
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
    const [petition] = await needs.petitions.listed()
    const first = petition && {
      names: namesIn(petition),
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
  first: { names: ReadonlyMap<string, string>; examples: Record<string, Example> } | null,
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
        const filled = path.replaceAll(
          /\{(\w+)\}/g,
          (_, name: string) => first?.names.get(name) ?? '',
        )
        const address = `${server!.url}${filled}`
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
