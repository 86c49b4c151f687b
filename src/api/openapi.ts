import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { mediaTypes } from '../count/write-counts.ts'
import { sendCacheable } from '../platform/web/send-page.ts'

/** It changes only with a new release. */
const OPENAPI_CACHE = 'public, max-age=300'

const DESCRIPTION =
  'Petitions and their counts, for anyone to read and reuse: no key, no sign-in, no cookie. Figures ' +
  'are a few seconds old at most. Every answer has an ETag: send it back as If-None-Match, and an ' +
  'unchanged answer costs a 304 without a body. Fields may be added within version 1; none goes away.'

/** What the docs page reads of an OpenAPI 3.1 document. */
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
export const readDescription = (api: FastifyInstance) => api.swagger() as unknown as ApiDescription
