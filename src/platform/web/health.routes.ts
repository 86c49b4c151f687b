import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { HttpError } from './http-error.ts'

/**
 * `/healthz` says that the process answers; `/readyz` that it can also reach its database and take
 * signatures, so that a balancer sends signers elsewhere meanwhile.
 */
export function healthRoutes<T>(
  app: FastifyInstance,
  { db, whyClosed }: { db: Kysely<T>; whyClosed: () => Promise<string | null> },
): void {
  app.get('/healthz', { logLevel: 'warn' }, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )
  app.get('/readyz', { logLevel: 'warn' }, async (_request, reply) => {
    try {
      await sql`select 1`.execute(db)
    } catch {
      throw new HttpError(503, 'the database is away')
    }
    if (await whyClosed()) throw new HttpError(503, 'the database is being restored')
    return reply.header('cache-control', 'no-store').send({ status: 'ready' })
  })
}
