import { STORY_LANGUAGES } from '../support/demo.ts'
import { oddPart, oddText } from './odd-text.ts'
import type { Random } from './random.ts'

/** What of the site's own a request may name. */
export interface Known {
  slug: string
  /** Of every purpose. */
  tokens: string[]
  codes: string[]
  assets: string[]
}

export const PATTERNS = [
  '/',
  '/:lang/',
  '/p/:slug',
  '/:lang/p/:slug',
  '/:lang/p/:slug/versions/:version',
  '/:lang/preview/:token',
  '/:lang/p/:slug/privacy',
  '/:lang/p/:slug/signatures',
  '/:lang/p/:slug/replaced',
  '/:lang/p/:slug/check-your-email',
  '/:lang/p/:slug/thanks',
  '/:lang/p/:slug/verify',
  '/:lang/p/:slug/withdraw',
  '/:lang/confirm/:token',
  '/:lang/withdraw/:token',
  '/:lang/unsubscribe/:token',
  '/:lang/imported/:token',
  '/:lang/signature/:token',
  '/:lang/signature/:token/receipt',
  '/:lang/removed',
  '/:lang/imprint',
  '/:lang/about',
  '/:lang/p/:slug/names',
  '/:lang/p/:slug/names/:text',
  '/:lang/p/:slug/comments',
  '/:lang/p/:slug/comments/:text',
  '/:lang/p/:slug/answers',
  '/:lang/p/:slug/write',
  '/:lang/p/:slug/updates',
  '/:lang/p/:slug/updates/:text',
  '/:lang/p/:slug/report/:text/:text',
  '/p/:slug/updates/:text',
  '/p/:slug/feed.xml',
  '/p/:slug/badge.svg',
  '/p/:slug/qr.svg',
  '/p/:slug/qr.png',
  '/p/:slug/card.png',
  '/p/:slug/card-square.png',
  '/p/:slug/card-story.png',
  '/embed/:slug',
  '/embed/:slug/signatures',
  '/embed/:slug/check-your-email',
  '/embed.js',
  '/embed-colours/:sheet',
  '/oembed',
  '/pictures/:text',
  '/challenge',
  '/:lang/p/:slug/partners',
  '/:lang/p/:slug/poster.pdf',
  '/:lang/p/:slug/tear-off.pdf',
  '/:lang/link/:token',
  '/s/:code',
  '/:lang/s/:code',
  '/too-many-requests',
  '/:text/too-many-requests',
  '/robots.txt',
  '/sitemap.xml',
  '/favicon.ico',
  '/docs/seizure',
  '/assets/:asset',
  '/healthz',
  '/healthz/seen',
  '/readyz',
  '/metrics',
  '/log/checkpoint',
  '/log/vkey',
  '/log/tile/:tile',
  '/api/docs',
  '/api/osdi/v1',
  '/api/osdi/v1/',
  '/api/osdi/v1/petitions',
  '/api/osdi/v1/petitions/:slug',
  '/api/v1/openapi.json',
  '/api/v1/petitions',
  '/api/v1/petitions/:slug',
  '/api/v1/petitions/:slug/counts',
  '/api/v1/petitions/:slug/counts.csv',
  '/api/v1/petitions/:slug/counts.xlsx',
  '/api/v1/petitions/:slug/recipients',
  '/api/v1/petitions/:slug/targets',
  '/api/v1/petitions/:slug/texts/:lang/:version',
  '/:text/:text',
  '*',
]
/** What takes a body. */
export const POSTED = [
  '/:lang/p/:slug/write',
  '/:lang/p/:slug',
  '/:lang/p/:slug/signatures',
  '/embed/:slug',
  '/embed/:slug/signatures',
  '/:lang/p/:slug/withdraw',
  '/:lang/p/:slug/report/:text/:text',
  '/:lang/preview/:token',
  '/:lang/confirm/:token',
  '/:lang/withdraw/:token',
  '/:lang/unsubscribe/:token',
  '/:lang/imported/:token',
]

const VERSIONS = ['1', '2', '0', '01', '1.0', ' 1', '1e0', '99999999999']
const TILES = [
  '0/000',
  '0/000.p/1',
  '0/000.p/5',
  'entries/000',
  'entries/000.p/5',
  '1/x001/234',
  '64/0',
]
const SHEETS = ['garnet-light-x-x-x.css', 'sea-dark-0a5877-ffffff-x.css', 'red-light-x-x-x.css']
const QUERIES = [
  'ref',
  'source',
  's',
  'n',
  'was',
  'without',
  'lang',
  'by',
  'utm_source',
  'kind',
  'theme',
  'colours',
  'accent',
  'url',
  'maxwidth',
  's[]',
  '__proto__',
  'ref[a]',
  'constructor',
]
const VALUES = [
  'telegram',
  'postcode.comment',
  '1',
  'en',
  'total',
  'country',
  'hour',
  'source',
].concat([
  'counter',
  'dark',
  '0a5877',
  '0a5877-x-x',
  'http%3A%2F%2Fpetitions.test%2Fp%2Fcop29-baku',
])

export function makePath(random: Random, known: Known, method: string): string {
  const good: Record<string, readonly string[]> = {
    ':lang': STORY_LANGUAGES,
    ':slug': [known.slug],
    ':version': VERSIONS,
    ':token': known.tokens,
    ':code': known.codes,
    ':asset': known.assets,
    ':tile': TILES,
    ':sheet': SHEETS,
    ':text': ['en', 'p', 's', 'api', 'log', 'assets'],
  }
  const isPosted = method === 'POST' && random.chance(0.7)
  const path = random
    .pick(isPosted ? POSTED : PATTERNS)
    .split(/(:[a-z]+)/)
    .map((part) => {
      const values = good[part]
      if (!values) return part
      return random.chance(0.7) ? random.pick(values) : oddPart(random, values)
    })
    .join('')
  return `${bend(random, path)}${makeQuery(random, [...VALUES, ...known.codes])}`
}

/** The whole path otherwise: as a proxy is asked, with slashes too many, in other letters. */
function bend(random: Random, path: string): string {
  switch (random.below(60)) {
    case 0:
      return `http://petitions.test${path}`
    case 1:
      return `/${path}`
    case 2:
      return `${path}/`
    case 3:
      return path.replaceAll('/', '//')
    case 4:
      return path.toUpperCase()
    case 5:
      return path.replace('/', '/./')
    case 6:
      return `${path};x=1`
    case 7:
      return path.replaceAll('/', '\\')
    default:
      return path
  }
}

function makeQuery(random: Random, values: readonly string[]): string {
  if (random.chance(0.6)) return ''
  const count = random.chance(0.02) ? 300 : 1 + random.below(3)
  const pairs = Array.from({ length: count }, () => {
    const name = random.chance(0.9) ? random.pick(QUERIES) : oddPart(random, [oddText(random)])
    return random.chance(0.1) ? name : `${name}=${oddPart(random, values)}`
  })
  return `${random.pick(['?', '?', '?', '??', '%3F', '#', ';'])}${pairs.join('&')}`
}
