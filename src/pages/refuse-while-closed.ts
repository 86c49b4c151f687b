import type { FastifyInstance, RouteOptions } from 'fastify'
import { HttpError } from '../platform/web/http-error.ts'
import type { WhyClosed } from '../restoring/restoring.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route looks by itself whether the site is closed, and gives back what was typed. */
    keepsForm?: true
  }
}

export const BEING_RESTORED = 'the public log is being restored from a backup: try again later'

/**
 * 503 for all that changes or shows what a restored database knows of a signer, and for the log. Pages,
 * figures and their API go on. Other routes carry no hook for it. Before any route is added.
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
