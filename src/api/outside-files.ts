import { CACHING, header } from './api.schemas.ts'
import { answer, queried, refusal } from './outside-scope.ts'

/** Files outside of `/api` that are put into other pages, printed, subscribed to and verified: described here only. */

const TEXT: { type: string; enum?: string[] } = { type: 'string' }
const inPath = (name: string, description: string) => ({
  name,
  in: 'path' as const,
  required: true,
  description,
  schema: TEXT,
})
const SLUG = inPath('slug', "The petition's name in its address")
const LANGUAGE_TO_CHOOSE = queried(
  'lang',
  'One of its languages (BCP 47); the default where it has no such text',
  TEXT,
)
const RETRY = { 'retry-after': header('Seconds', 'integer') }

interface File {
  operationId: string
  summary: string
  mediaType: string
  /** Of a 200. */
  what: string
  /** `{}` where it is binary. */
  schema?: object
  asks?: (ReturnType<typeof inPath> | ReturnType<typeof queried>)[]
}

/** Errors are pages for readers, and where nothing is at a file's address, one line. */
function ofPetition({ operationId, summary, mediaType, what, schema = {}, asks = [] }: File) {
  const page = (description: string, headers = {}) =>
    answer(description, { 'text/html': TEXT }, headers)
  return {
    operationId,
    summary,
    parameters: [SLUG, ...asks],
    responses: {
      200: answer(what, { [mediaType]: schema }, CACHING),
      304: answer('What If-None-Match names still holds', null, CACHING),
      400: page('The address is malformed'),
      404: answer('There is no such petition', { 'text/plain': TEXT }),
      410: page('The petition was deleted before anybody signed it, or its texts are hidden'),
      414: page('The address is too long'),
      500: page('Something went wrong on this side'),
      503: page('The service is away for a moment', RETRY),
    },
  }
}

const card = (operationId: string, summary: string) => ({
  get: ofPetition({
    operationId,
    summary,
    mediaType: 'image/png',
    what: 'The picture; one without the petition’s words where it is not drawn in time',
    asks: [LANGUAGE_TO_CHOOSE],
  }),
})

const QR_QUERY = [
  queried('lang', 'The language that the address leads to; else it is the reader’s own', TEXT),
  queried('ref', 'A share code of this petition, which is credited', TEXT),
  queried('source', 'Where it is put up, up to 32 of A–Z, a–z, 0–9, _ and -; else qr', TEXT),
]

function poster(operationId: string, summary: string) {
  const described = ofPetition({
    operationId,
    summary,
    mediaType: 'application/pdf',
    what: 'One page of A4',
  })
  const language = inPath('language', 'One of its languages (BCP 47)')
  return { get: { ...described, parameters: [language, SLUG] } }
}

function ofLog({ operationId, summary, mediaType, what, schema = {}, asks = [] }: File) {
  return {
    operationId,
    summary,
    parameters: asks,
    responses: {
      200: answer(what, { [mediaType]: schema }, CACHING),
      304: answer('What If-None-Match names still holds', null, CACHING),
      // No name in the other files' addresses could be malformed.
      ...(asks.length > 0 && { 400: refusal('The address is malformed') }),
      404: refusal('There is no such file, or no checkpoint yet'),
      500: refusal('Something went wrong on this side'),
      503: refusal('The service is away for a moment', RETRY),
    },
  }
}

export const OUTSIDE_FILES = {
  '/p/{slug}/badge.svg': {
    get: ofPetition({
      operationId: 'getBadge',
      summary: 'The count as a small picture, for other sites to show',
      mediaType: 'image/svg+xml',
      what: 'The badge',
      schema: TEXT,
      asks: [LANGUAGE_TO_CHOOSE],
    }),
  },
  '/p/{slug}/feed.xml': {
    get: ofPetition({
      operationId: 'getFeed',
      summary: 'What the organisers tell, as a feed',
      mediaType: 'application/atom+xml',
      what: 'Atom, the newest first',
      schema: TEXT,
      asks: [LANGUAGE_TO_CHOOSE],
    }),
  },
  '/p/{slug}/qr.svg': {
    get: ofPetition({
      operationId: 'getQr',
      summary: 'The petition’s address as a square to point a phone at',
      mediaType: 'image/svg+xml',
      what: 'The square',
      schema: TEXT,
      asks: QR_QUERY,
    }),
  },
  '/p/{slug}/qr.png': {
    get: ofPetition({
      operationId: 'getQrPng',
      summary: 'The same as PNG',
      mediaType: 'image/png',
      what: 'The square',
      asks: QR_QUERY,
    }),
  },
  '/p/{slug}/card.png': card('getCard', 'A picture for link previews, 1200 × 630 pixels'),
  '/p/{slug}/card-square.png': card('getSquareCard', 'The same for posts, 1080 × 1080 pixels'),
  '/p/{slug}/card-story.png': card('getStoryCard', 'The same for stories, 1080 × 1920 pixels'),
  '/{language}/p/{slug}/poster.pdf': poster('getPoster', 'A poster to print and hang up'),
  '/{language}/p/{slug}/tear-off.pdf': poster('getTearOff', 'The same with strips to tear off'),
  '/log/checkpoint': {
    get: ofLog({
      operationId: 'getCheckpoint',
      summary: 'The size and the root hash of the public log, signed',
      mediaType: 'text/plain',
      what: 'A signed note (c2sp.org/tlog-checkpoint)',
      schema: TEXT,
    }),
  },
  '/log/vkey': {
    get: ofLog({
      operationId: 'getVkey',
      summary: 'The key that signs the public log',
      mediaType: 'text/plain',
      what: 'A verifier key (c2sp.org/signed-note)',
      schema: TEXT,
    }),
  },
  '/log/tile/{level}/{tile}': {
    get: ofLog({
      operationId: 'getTile',
      summary: 'Entries of the public log, or hashes of the tree over them',
      mediaType: 'application/octet-stream',
      what: 'A bundle of up to 256 entries, or a tile of up to 256 hashes (c2sp.org/tlog-tiles)',
      asks: [
        inPath('level', 'The word “entries”, or the level of the hashes, from 0'),
        inPath(
          'tile',
          'Its number from 0 in groups of three digits, with x before all but the last, and of one that is not full its width: 000, x001/067, 000.p/6. A slash may be sent as %2F',
        ),
      ],
    }),
  },
}
