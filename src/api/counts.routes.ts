import type { FastifyInstance } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import type { Counts } from '../count/counts.ts'
import { type CountTable, type Format, mediaTypes, writeCounts } from '../count/write-counts.ts'
import { getPetition } from '../pages/get-petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { sendCacheable } from '../platform/web/send-page.ts'
import { answersOf, CountsAnswer, CountsQuery, SlugParams } from './api.schemas.ts'

interface Kind {
  path: string
  operationId: string
  summary: string
  answer: TSchema
}

const kinds: Record<Format, Kind> = {
  json: {
    path: '/v1/petitions/:slug/counts',
    operationId: 'getCounts',
    summary: 'How many signatures count, by one breakdown',
    answer: CountsAnswer,
  },
  csv: {
    path: '/v1/petitions/:slug/counts.csv',
    operationId: 'getCountsCsv',
    summary: 'The same as CSV: a header, then the rows',
    answer: Type.String(),
  },
  xlsx: {
    path: '/v1/petitions/:slug/counts.xlsx',
    operationId: 'getCountsXlsx',
    summary: 'The same as a spreadsheet',
    answer: Type.Unsafe<Buffer>({}),
  },
}

export function countsApi(
  api: FastifyInstance,
  { petitions, counts }: { petitions: Petitions; counts: Counts },
): void {
  const write = createWriter()
  for (const [format, kind] of Object.entries(kinds) as [Format, Kind][]) {
    api.get<{ Params: Static<typeof SlugParams>; Querystring: Static<typeof CountsQuery> }>(
      kind.path,
      { schema: describe(format, kind) },
      async (request, reply) => {
        const petition = await getPetition(petitions, request.params.slug, undefined, {
          hidden: 'found',
        })
        const { by = 'total' } = request.query
        const body = await write(await counts.publicTable(petition, by), format)
        reply.type(mediaTypes[format])
        if (format !== 'json') {
          const name = `${petition.slug}-by-${by}.${format}`
          reply.header('content-disposition', `attachment; filename="${name}"`)
        }
        return sendCacheable(reply, body)
      },
    )
  }
}

function describe(format: Format, { operationId, summary, answer }: Kind) {
  const [mediaType] = mediaTypes[format].split(';')
  return {
    operationId,
    summary,
    params: SlugParams,
    querystring: CountsQuery,
    response: answersOf(mediaType!, 'The counts', answer),
  }
}

/**
 * Writes each format once as long as the counts are the same object. A spreadsheet holds the time at
 * which it was zipped: written anew it would have another ETag, though no figure changed.
 */
function createWriter(): typeof writeCounts {
  const written = new WeakMap<CountTable, Map<Format, Promise<string | Buffer>>>()
  return (counts, format) => {
    const bodies = written.get(counts) ?? new Map<Format, Promise<string | Buffer>>()
    written.set(counts, bodies)
    const body = bodies.get(format) ?? writeCounts(counts, format)
    bodies.set(format, body)
    return body
  }
}
