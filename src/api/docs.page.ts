import type { Page } from '../platform/web/page.ts'
import type { Example } from './make-examples.ts'
import type { ApiDescription, Operation } from './openapi.ts'

/** GET /api/docs, read from the OpenAPI description. */
export interface DocsPage extends Page {
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
    /** Null while there is no petition; `body` is null where the answer is no text. */
    example: { url: string; body: string | null } | null
  }[]
}

/** @param first the petition whose answers are shown; null while there is none */
export function viewDocs(
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
