import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { type Mailer, OF_SERVER, type WhyLater } from '../mail/mailer.ts'
import type { Fresh } from '../single-flight.ts'
import { HttpError } from './http-error.ts'

/**
 * `/healthz` says that the process answers; `/readyz` that it can also reach its database and take
 * signatures, so that a balancer sends signers elsewhere meanwhile. A mail server that is away is told of and
 * makes no node unready: signatures are taken all the same, and their mails wait.
 */
export function healthRoutes<T>(
  app: FastifyInstance,
  services: {
    db: Kysely<T>
    whyClosed: () => Promise<string | null>
    mailer: Mailer
    waitingMails: Fresh<Map<WhyLater, number>>
  },
): void {
  app.get('/healthz', { logLevel: 'warn' }, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )
  app.get('/readyz', { logLevel: 'warn' }, async (_request, reply) => {
    try {
      await sql`select 1`.execute(services.db)
    } catch {
      throw new HttpError(503, 'the database is away')
    }
    if (await services.whyClosed()) throw new HttpError(503, 'the database is being restored')
    return reply
      .header('cache-control', 'no-store')
      .send({ status: 'ready', mail: await mailState(services) })
  })
}

/** In words: what this process knows of the mail server, or what keeps the mails of the workers waiting. */
async function mailState({
  mailer,
  waitingMails,
}: {
  mailer: Mailer
  waitingMails: Fresh<Map<WhyLater, number>>
}): Promise<string> {
  const trouble = mailer.trouble()
  if (trouble) return trouble
  const waiting = await waitingMails.get().catch(() => null)
  if (!waiting) return 'unknown'
  const worst = OF_SERVER.filter((why) => waiting.get(why)).map(
    (why) => `${why} ${waiting.get(why)}`,
  )
  return worst.length > 0 ? `mails wait: ${worst.join(', ')}` : 'ok'
}
