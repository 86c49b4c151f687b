import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { mediaTypes } from '../count/write-counts.ts'
import type { AnswerCache } from '../platform/web/answer-cache.ts'
import { type ExampleNeeds, type Examples, makeExamples } from './make-examples.ts'
import { OUTSIDE_FILES } from './outside-files.ts'
import { OUTSIDE_SCOPE } from './outside-scope.ts'

/** It changes only with a new release, but for its examples. */
const OPENAPI_CACHE = 'public, max-age=300, stale-if-error=86400'
const DESCRIPTION =
  'Petitions and their counts, for anyone to read and reuse: no key, no sign-in, no cookie. Figures ' +
  'are a few seconds old at most. Every answer has an ETag: send it back as If-None-Match, and an ' +
  'unchanged answer costs a 304 without a body. Fields may be added within version 1; none goes away.'

/** The parts of an OpenAPI 3.1 document that are read here and by the page of docs. */
export interface ApiDescription {
  info: { title: string; description: string }
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
}

export interface Operation {
  operationId: string
  summary: string
  parameters?: {
    name: string
    in: 'path' | 'query'
    required?: boolean
    description?: string
    schema: { enum?: string[]; default?: string }
    example?: unknown
  }[]
  responses: Record<string, { content?: Record<string, { schema: object; example?: unknown }> }>
}

export interface DescribeApiNeeds extends ExampleNeeds {
  answers: AnswerCache
}

/** Describes the routes that are added to this scope from now on, and serves the description. */
export async function describeApi(api: FastifyInstance, needs: DescribeApiNeeds): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Undersigned API',
        version: '1.0.0',
        description: DESCRIPTION,
        license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
      },
      servers: [{ url: needs.config.publicUrl }],
    },
  })
  const make = async () => {
    const described = addExamples(readDescription(api), await makeExamples(needs))
    const headers = { 'content-type': mediaTypes.json, 'cache-control': OPENAPI_CACHE }
    return { body: JSON.stringify(described), headers }
  }
  api.get('/v1/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    needs.answers.send(reply, { key: 'api description', make }),
  )
}

/** Complete once the server listens; without examples. */
export function readDescription(api: FastifyInstance): ApiDescription {
  const description = api.swagger() as unknown as ApiDescription
  return { ...description, paths: { ...description.paths, ...OUTSIDE_SCOPE, ...OUTSIDE_FILES } }
}

/** The same, with what each operation can be asked, and what it answers then. */
function addExamples(description: ApiDescription, examples: Examples | null): ApiDescription {
  const withExamples = (operation: Operation): Operation => {
    const example = examples?.of[operation.operationId]
    if (!example) return operation
    const asked = new Map<string, unknown>([...examples.names, ...Object.entries(example.query)])
    const parameters = operation.parameters?.map((each) =>
      asked.has(each.name) ? { ...each, example: asked.get(each.name) } : each,
    )
    const { 200: answer, ...refusals } = operation.responses
    // Of a choice of media types the first is what is answered to who says nothing.
    const media = Object.entries(answer?.content ?? {}).map(([type, content], index) => [
      type,
      index === 0 && example.value !== null ? { ...content, example: example.value } : content,
    ])
    const responses = { 200: { ...answer, content: Object.fromEntries(media) }, ...refusals }
    return { ...operation, ...(parameters && { parameters }), responses }
  }
  const paths = Object.entries(description.paths).map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => [method, withExamples(operation)]),
    ),
  ])
  return { ...description, paths: Object.fromEntries(paths) }
}
