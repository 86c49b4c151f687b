import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Cards } from '../../card/cards.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import type { Query } from '../../platform/web/read-query.ts'
import { allowScripts } from '../../platform/web/security-headers.ts'
import { sendCacheable } from '../../platform/web/send-page.ts'
import { type FindAddressedNeeds, findAddressed } from './find-petition.ts'
import { viewOembed, writeOembedXml } from './view-oembed.ts'

const CACHE = 'public, max-age=3600, stale-if-error=86400'
const LONGEST_ADDRESS = 2000
const PIXELS = /^[1-9]\d{0,4}$/

type Needs = FindAddressedNeeds & {
  config: { publicUrl: string }
  cards: Pick<Cards, 'version'>
}

/** What oEmbed consumers ask for a petition's address; its page names this in its head. */
export function oembedRoutes(app: FastifyInstance, needs: Needs): void {
  const { config, cards } = needs
  const { publicUrl } = config

  app.get<{ Querystring: Query }>('/oembed', async (request, reply) => {
    const { url, format = 'json', maxwidth, maxheight } = request.query
    allowScripts(reply).header('vary', 'accept-language')
    if (format !== 'json' && format !== 'xml') return refuseFormat(reply)
    if (typeof url !== 'string' || url.length > LONGEST_ADDRESS) {
      throw new HttpError(400, 'url must be the address of a petition, once')
    }
    const room = {
      width: readPixels('maxwidth', maxwidth),
      height: readPixels('maxheight', maxheight),
    }
    const origins = [publicUrl, `${request.protocol}://${request.host}`]
    const accepted = request.headers['accept-language']
    const found = await findAddressed(needs, url, origins, accepted)
    if (found === 'malformed') throw new HttpError(400, 'url is no web address')
    if (found === null) throw new HttpError(404, 'there is no petition at this address')
    const { petition, language, attribution } = found
    const cardVersion = await cards.version(petition, language)
    const oembed = viewOembed(publicUrl, petition, { language, attribution, room, cardVersion })
    if (format === 'json') {
      return sendCacheable(
        reply.type('application/json; charset=utf-8'),
        JSON.stringify(oembed),
        CACHE,
      )
    }
    return sendCacheable(reply.type('text/xml; charset=utf-8'), writeOembedXml(oembed), CACHE)
  })
}

/** Where none is given, whatever there is. */
function readPixels(name: string, value: unknown): number {
  if (value === undefined || value === '') return Number.POSITIVE_INFINITY
  if (typeof value === 'string' && PIXELS.test(value)) return Number(value)
  throw new HttpError(400, `${name} must be a number of pixels`)
}

/** Answered here: it is the consumer's choice, and no failure of ours that a log should tell of. */
const refuseFormat = (reply: FastifyReply) =>
  reply.status(501).header('cache-control', 'no-store').send({
    statusCode: 501,
    error: 'Not Implemented',
    message: 'format must be json or xml',
  })
