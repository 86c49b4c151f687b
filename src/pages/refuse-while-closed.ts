import type { FastifyInstance, RouteOptions } from 'fastify'
import { HttpError } from '../platform/web/http-error.ts'
import type { WhyClosed } from '../restoring/restoring.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route checks by itself whether the site is closed, and gives the typed form back. */
    keepsForm?: true
  }
}

export const BEING_RESTORED = 'the public log is being restored from a backup: try again later'

/**
 * Answers 503 to posts, mailed links and the log while a restored database waits for `log rebuild`. Pages,
 * figures and the API go on, without a hook. To be called before any route is added.
 */
export function refuseWhileClosed(app: FastifyInstance, whyClosed: WhyClosed): void {
  app.addHook('onRoute', (route) => {
    if (!isRefused(route)) return
    const refuse = async () => {
      if (await whyClosed()) throw new HttpError(503, BEING_RESTORED)
    }
    route.onRequest = [route.onRequest ?? [], refuse].flat()
  })
}

function isRefused({ method, url, config }: RouteOptions): boolean {
  if (config?.keepsForm) return false
  const isMailedLink = url.includes('/:token')
  return isMailedLink || url.startsWith('/log/') || [method].flat().includes('POST')
}
