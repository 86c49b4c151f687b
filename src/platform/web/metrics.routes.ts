import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { Measure } from '../measure.ts'
import { HttpError, plainMessages } from './http-error.ts'
import { isLook } from './redirect-to-meant.ts'
import { registerMeasures } from './register-measures.ts'
import { createGatherer } from './web-processes.ts'

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/**
 * Left out of prom-client's defaults. On a node that also mails, one socket leads to the mail server: that it opens
 * would tell that a withdrawal link was sent, and so that an address has signed.
 */
const OF_SOCKETS = [
  'process_open_fds',
  ...['handles', 'requests', 'resources'].flatMap((kind) => [
    `nodejs_active_${kind}`,
    `nodejs_active_${kind}_total`,
  ]),
]

/**
 * `/metrics` for Prometheus: the process, how long each route takes, and the measures. Routes, not addresses: no label
 * holds a token or a code. In production it demands METRICS_TOKEN, and answers 404 where none is set.
 */
export function metricsRoutes(
  app: FastifyInstance,
  { production, metricsToken }: { production: boolean; metricsToken: string | null },
  measures: readonly Measure[],
): void {
  const register = new Registry()
  collectDefaultMetrics({ register })
  for (const name of OF_SOCKETS) register.removeSingleMetric(name)
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: BUCKETS_SECONDS,
    registers: [register],
  })
  registerMeasures(register, measures)
  const gather = createGatherer(register)
  app.addHook('onResponse', (request, reply, done) => {
    if (isLook(request)) return done()
    const route = request.routeOptions.url ?? 'none'
    const labels = { method: request.method, route, status: String(reply.statusCode) }
    durations.observe(labels, reply.elapsedTime / 1000)
    done()
  })
  app.get('/metrics', { logLevel: 'warn' }, async (request, reply) => {
    if (production && !metricsToken) throw new HttpError(404, plainMessages[404]!)
    if (metricsToken && !isBearer(request.headers.authorization, metricsToken)) {
      throw new HttpError(403, 'send METRICS_TOKEN as "Authorization: Bearer …"')
    }
    reply.header('cache-control', 'no-store').type(register.contentType)
    return reply.send(await gather())
  })
}

export function isBearer(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
