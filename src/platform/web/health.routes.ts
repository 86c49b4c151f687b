import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import type { Fresh } from '../cache.ts'
import { takesWrites } from '../database/takes-writes.ts'
import { inTime } from '../in-time.ts'
import { type Mailer, OF_SERVER, type WhyLater } from '../mail/mail.ts'
import type { FailureKind } from '../mail/read-failure.ts'
import type { Draining } from './draining.ts'
import { isBearer } from './metrics.routes.ts'
import { sayWhyAway } from './request-log.ts'

/** Balancers' probes give up after two seconds or more. */
const DATABASE_WITHIN_MS = 1800

/**
 * `/healthz` says that the process answers; `/readyz` that it also reaches its database over the connections that
 * requests use, and that signatures can be written there, so that a balancer can send signers elsewhere meanwhile; a
 * process that was asked to stop is not ready either. A mail server that is away is reported and makes no node
 * unready: signatures are taken all the same, and their mails wait. Reported in one word: settings and logins are
 * for the log and for a holder of METRICS_TOKEN.
 */
export function healthRoutes<T>(
  app: FastifyInstance,
  { metricsToken }: { metricsToken: string | null },
  site: {
    db: Kysely<T>
    whyClosed: () => Promise<string | null>
    mailer: Mailer
    waitingMails: Fresh<Map<WhyLater, number>>
    draining: Pick<Draining, 'begun'>
  },
): void {
  app.get('/healthz', { logLevel: 'warn' }, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )
  const takes = shareQuestion(() => takesWrites(site.db))
  app.get('/readyz', { logLevel: 'warn' }, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    if (site.draining.begun()) return reply.status(503).send({ status: 'draining' })
    const why = await whyNotReady(takes, site)
    if (why) {
      sayWhyAway(request, why)
      return reply.status(503).header('retry-after', 5).send({ status: 'not ready', why })
    }
    const { mail, why: trouble } = await mailState(site)
    const isTrusted = metricsToken && isBearer(request.headers.authorization, metricsToken)
    return reply.send({ status: 'ready', mail, ...(isTrusted && trouble && { why: trouble }) })
  })
}

/** One at a time, however many ask: anybody may, and each question holds a connection that forms need. */
function shareQuestion(ask: () => Promise<boolean>): () => Promise<boolean> {
  let asking: Promise<boolean> | null = null
  return () => {
    asking ??= ask().finally(() => {
      asking = null
    })
    return asking
  }
}

async function whyNotReady(
  ask: () => Promise<boolean>,
  site: { whyClosed: () => Promise<string | null> },
): Promise<string | null> {
  const takes = await inTime(ask(), DATABASE_WITHIN_MS, 'no answer').catch(() => null)
  if (takes === null) return 'the database is away'
  if (!takes) return 'the database takes no writes'
  return (await site.whyClosed()) ? 'the database is being restored' : null
}

type MailState = 'ok' | 'unreachable' | 'refused' | 'unknown'

/** This process's trouble with the mail server, else the reason why workers' mails wait; `why` in words. */
async function mailState({
  mailer,
  waitingMails,
}: {
  mailer: Mailer
  waitingMails: Fresh<Map<WhyLater, number>>
}): Promise<{ mail: MailState; why?: string }> {
  const trouble = mailer.trouble()
  if (trouble) return { mail: inAWord(trouble.kind), why: trouble.words }
  const waiting = await waitingMails.get().catch(() => null)
  if (!waiting) return { mail: 'unknown' }
  const found = OF_SERVER.filter((why) => waiting.get(why))
  if (!found[0]) return { mail: 'ok' }
  const counts = found.map((why) => `${why} ${waiting.get(why)}`)
  return { mail: inAWord(found[0]), why: `mails wait: ${counts.join(', ')}` }
}

/** Whether it refuses us, or no SMTP session with it comes about. */
const inAWord = (kind: FailureKind): MailState =>
  kind === 'unreachable' || kind === 'tls' ? 'unreachable' : 'refused'
