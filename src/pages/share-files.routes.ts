import type { FastifyInstance } from 'fastify'
import { cardRoutes } from './cards.routes.ts'
import { posterRoutes } from './posters.routes.ts'
import { qrRoutes } from './qr.routes.ts'

type Needs = Parameters<typeof cardRoutes>[1] &
  Parameters<typeof qrRoutes>[1] &
  Parameters<typeof posterRoutes>[1]

/** Of the petition's address and texts: what is posted, printed and put into other pages. */
export function shareFilesRoutes(app: FastifyInstance, needs: Needs): void {
  cardRoutes(app, needs)
  qrRoutes(app, needs)
  posterRoutes(app, needs)
}
