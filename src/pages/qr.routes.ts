import type { FastifyInstance } from 'fastify'
import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { qrPng, qrSvg } from '../platform/qr.ts'
import { sendCacheable } from '../platform/web/send-page.ts'
import { readAttributionQuery } from '../sharing/attribution.ts'
import { sharedAt } from '../sharing/shared-at.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { getPetition } from './get-petition.ts'

const CACHE = 'public, max-age=3600, stale-if-error=86400'
const SVG = 'image/svg+xml; charset=utf-8'

interface QrRequest {
  Params: { slug: string }
  Querystring: { lang?: unknown }
}

/**
 * The petition's address as a square to point a phone at. `?lang=`: one of its languages; else the reader's own.
 * `?ref=`: a share code of this petition. `?source=`: else `qr`.
 */
export function qrRoutes(
  app: FastifyInstance,
  needs: {
    config: { publicUrl: string }
    petitions: Petitions
    sharing: Pick<Sharing, 'resolveCode'>
  },
): void {
  app.get<QrRequest>('/p/:slug/qr.svg', async ({ params, query }, reply) => {
    const petition = await getPetition(needs.petitions, params.slug)
    return sendCacheable(reply.type(SVG), qrSvg(await addressOf(petition, query)), CACHE)
  })

  app.get<QrRequest>('/p/:slug/qr.png', async ({ params, query }, reply) => {
    const petition = await getPetition(needs.petitions, params.slug)
    const png = qrPng(await addressOf(petition, query))
    return sendCacheable(reply.type('image/png'), png, CACHE)
  })

  async function addressOf(petition: Petition, query: { lang?: unknown }): Promise<string> {
    const { ref, source } = readAttributionQuery(query)
    const known = ref ? await needs.sharing.resolveCode(ref) : null
    const code = known?.petitionId === petition.id ? known.code : null
    const language = petition.settings.languages.find((each) => each === query.lang) ?? null
    const url = sharedAt(needs.config.publicUrl, petition.slug, { language, code })
    return `${url}?source=${source || 'qr'}`
  }
}
