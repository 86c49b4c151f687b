import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { languages } from '../i18n/translate.ts'
import { keptQuery } from './read-query.ts'
import { turnIntoRedirect } from './redirect-within.ts'

/** Asked for by programs, which understand a 404. */
const FOR_PROGRAMS = /^\/(?:api\/(?:v|osdi\/)|log\/|assets\/)/
/** A header that carries SECRET on our own request whether a page is there. */
const LOOKING = 'x-looking'
const SECRET = randomBytes(16).toString('hex')

/** The longest beginning that consists of characters in our pages' addresses. */
const WHOLE = /^(?:\/[\p{L}\p{N}_-]+)*/u
/** Left at an address's end by chats, mail programs and typists: `).`, `»`, `">here</a>`, `&fbclid=…`. No `1.0`. */
const GLUED = /^[^\p{L}\p{N}_/-](?!\p{N})/u
/** One slash too many, or several, with or without the same behind it. */
const SLASHES = /^\/+[^\p{L}\p{N}_/-]*$/u
/** Letters of a share code with which chats mark slanted or struck out text. */
const MARKS = '-_'
/** The only parameter whose values may end in one: slugs, tokens and numbers never do. */
const MAY_END_IN_MARKS = ':code'

/**
 * Instead of a 404 redirects to the page that was meant, if it is there: for its address with characters at its end
 * that don't belong there, or without its slash. One look at most, and none where no route matches: made-up
 * addresses cost little. Called before `compressAnswers` and all routes.
 */
export function redirectToMeant(app: FastifyInstance): void {
  const routes: string[][] = []
  app.addHook('onRoute', ({ method, url }) => {
    if ([method].flat().includes('GET')) routes.push(url.split('/'))
  })
  const isThere = async (url: string) => {
    const headers = { [LOOKING]: SECRET }
    const { statusCode } = await app.inject({ method: 'HEAD', url, headers })
    return statusCode < 400
  }

  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode !== 404 || !mayBeMeant(request)) return payload
    const [path = '', query = ''] = request.url.split('?')
    const meant = meantBy(path).find((each) => isRouted(each, routes))
    if (meant === undefined || !(await isThere(meant))) return payload
    const kept = keptQuery(query)
    turnIntoRedirect(reply, kept ? `${meant}?${kept}` : meant)
    return ''
  })
}

/** Whether the request is our own look for a page, which is neither counted nor logged. */
export function isLook({ headers }: FastifyRequest): boolean {
  return headers[LOOKING] === SECRET
}

function mayBeMeant(request: FastifyRequest): boolean {
  const { method, url } = request
  if (method !== 'GET' && method !== 'HEAD') return false
  return !FOR_PROGRAMS.test(url) && !isLook(request)
}

/** @param routes their patterns, split at "/"; a `*` matches no page */
function isRouted(path: string, routes: string[][]): boolean {
  const parts = path.split('/')
  return routes.some(
    (route) =>
      route.length === parts.length && route.every((pattern, at) => takes(pattern, parts[at]!)),
  )
}

function takes(pattern: string, part: string): boolean {
  if (!pattern.startsWith(':')) return part === pattern
  if (pattern === ':lang') return languages.includes(part)
  if (part === '') return false
  return pattern === MAY_END_IN_MARKS || !MARKS.includes(part.at(-1)!)
}

/** Addresses that may have been meant, likeliest first; each begins with one slash. */
export function meantBy(path: string): string[] {
  const given = decode(path)
  if (given === null) return []
  const [whole = ''] = WHOLE.exec(given) ?? []
  const rest = given.slice(whole.length)
  // "//x" means another host to a browser.
  if (given.startsWith('//')) return []
  if (rest !== '' && !GLUED.test(rest) && !SLASHES.test(rest)) return []
  const isOnePart = whole.lastIndexOf('/') === 0
  const meant = [whole, isOnePart ? `${whole}/` : whole, withoutMarks(whole)]
  const paths = new Set(meant.map((each) => encodeURI(each || '/')))
  return [...paths].filter((each) => each !== encodeURI(given))
}

function withoutMarks(text: string): string {
  let end = text.length
  while (end > 0 && MARKS.includes(text[end - 1]!)) end--
  return text.slice(0, end)
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
