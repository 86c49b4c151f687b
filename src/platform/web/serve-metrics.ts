import { createServer } from 'node:http'
import { Registry } from 'prom-client'
import type { Measure } from '../measure.ts'
import { isBearer } from './metrics.routes.ts'
import { registerMeasures } from './register-measures.ts'

interface Settings {
  host: string
  port: number
  production: boolean
  metricsToken: string | null
}

/**
 * `/metrics` of a worker, which serves nothing else. Without figures of the process: the processor time and memory of
 * a worker that is otherwise idle would tell whether the mail of a link to withdraw was sent.
 *
 * @throws as node:net does when it can't listen
 */
export async function serveMetrics(
  { host, port, production, metricsToken }: Settings,
  measures: readonly Measure[],
): Promise<{ stop(): Promise<void> }> {
  const register = new Registry()
  registerMeasures(register, measures)
  const server = createServer(async (request, response) => {
    response.setHeader('cache-control', 'no-store')
    const isMetrics = request.url === '/metrics' && !(production && !metricsToken)
    if (!isMetrics) return response.writeHead(404).end()
    if (metricsToken && !isBearer(request.headers.authorization, metricsToken)) {
      return response.writeHead(403).end()
    }
    response.setHeader('content-type', register.contentType)
    response.end(await register.metrics())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
