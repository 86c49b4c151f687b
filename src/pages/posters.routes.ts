import type { FastifyInstance } from 'fastify'
import type { DeliveryRoom } from '../delivery/delivery.ts'
import type { PosterKind } from '../delivery/write-poster.ts'
import type { Petitions } from '../petition/petitions.ts'
import { HttpError } from '../platform/web/http-error.ts'
import { sendCacheable } from '../platform/web/send-page.ts'
import { getPetition } from './get-petition.ts'

const KINDS: readonly PosterKind[] = ['poster', 'tear-off']
/** It says what the page says; a new version of the text makes a new one. */
const CACHE = 'public, max-age=600, stale-if-error=86400'

interface Needs {
  config: { publicUrl: string }
  petitions: Petitions
  delivery: Pick<DeliveryRoom, 'poster'>
}

/** To print and hang up: one A4 page with the petition's address as a square, and one with strips to tear off. */
export function posterRoutes(app: FastifyInstance, { config, petitions, delivery }: Needs): void {
  for (const kind of KINDS) {
    app.get<{ Params: { lang: string; slug: string } }>(
      `/:lang/p/:slug/${kind}.pdf`,
      async ({ params: { lang: language, slug } }, reply) => {
        const petition = await getPetition(petitions, slug, language)
        const pdf = await delivery.poster(petition, { kind, language, site: config.publicUrl })
        if (pdf === 'busy') throw new HttpError(503, 'the poster could not be made in time')
        if (pdf === 'none') throw new HttpError(404, 'no font of this site has all of its letters')
        reply.type('application/pdf').header('content-language', language)
        return sendCacheable(reply, pdf, CACHE)
      },
    )
  }
}
