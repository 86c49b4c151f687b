import type { FastifyInstance, FastifyReply } from 'fastify'
import type { MakePage, Page } from '../platform/web/page.ts'
import { renderPublic } from '../platform/web/send-page.ts'
import {
  type ApiDescription,
  type DescribeApiNeeds,
  type Operation,
  readDescription,
} from './describe-api.ts'
import { type Examples, makeExamples } from './make-examples.ts'

/** A list by country may be long; the first lines show how it goes on. */
const MAX_LINES = 40

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

interface DocsNeeds extends DescribeApiNeeds {
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
    const docs: DocsPage = viewDocs(page, description, await makeExamples(needs))
    return renderPublic(reply, 'api-docs.hbs', docs)
  }
}

function viewDocs(
  page: Page,
  { info, servers, paths }: ApiDescription,
  examples: Examples | null,
): DocsPage {
  const [server] = servers
  return {
    ...page,
    heading: info.title,
    introduction: info.description,
    openapi: '/api/v1/openapi.json',
    operations: Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => {
        const example = examples?.of[operation.operationId]
        const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
          String(examples?.names.get(name) ?? ''),
        )
        const query = new URLSearchParams(
          Object.entries(example?.query ?? {}).map(([name, value]): [string, string] => [
            name,
            String(value),
          ]),
        )
        const url = `${server!.url}${filled}${query.size > 0 ? `?${query}` : ''}`
        return {
          id: operation.operationId,
          summary: operation.summary,
          method: method.toUpperCase(),
          path,
          parameters: viewParameters(operation),
          example: example ? { url, body: show(example.value) } : null,
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

/** Null where the answer is binary. */
function show(value: unknown): string | null {
  if (value === null) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  const lines = text.trimEnd().split('\n')
  return (lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines).join('\n')
}
