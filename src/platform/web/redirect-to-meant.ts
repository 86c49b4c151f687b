import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { languages } from '../i18n/translate.ts'
import { turnIntoRedirect } from './redirect-within.ts'

/** What is asked by programs, which read a 404. */
const FOR_PROGRAMS = /^\/(?:api\/v|log\/|assets\/)/
/** Where the secret stands in it, a request is one of ours that looks whether a page is there. */
const LOOKING = 'x-looking'
const SECRET = randomUUID()

/** The addresses of our pages consist of these alone; the longest beginning that does. */
const WHOLE = /^(?:\/[\p{L}\p{N}_-]+)*/u
/** What chats, mail programs and hasty fingers leave at an end: `).`, `»`, `">here</a>`, `&fbclid=…`. No `1.0`. */
const GLUED = /^[^\p{L}\p{N}_/-](?!\p{N})/u
/** One slash too many, or several, with or without the same behind it. */
const SLASHES = /^\/+[^\p{L}\p{N}_/-]*$/u
/** Letters of a share code that are also how chats mark what is slanted or struck out. */
const MARKS = '-_'
/** Of what stands in addresses, only this may end in one: slugs, tokens and numbers never do. */
const MAY_END_IN_MARKS = ':code'

/**
 * Instead of a 404: the page that was meant, if it is there, when what was asked for is its address with
 * something at its end that does not belong there, or without the slash that does. One look at most, and
 * none where no route takes the address: made-up ones cost little. Before `compressAnswers` and all routes.
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
    const kept = new URLSearchParams(query).toString()
    turnIntoRedirect(reply, kept ? `${meant}?${kept}` : meant)
    return ''
  })
}

/** Whether nobody sent the request: it looks whether a page is there, and is neither counted nor logged. */
export function isLook({ headers }: FastifyRequest): boolean {
  return headers[LOOKING] === SECRET
}

function mayBeMeant(request: FastifyRequest): boolean {
  const { method, url } = request
  if (method !== 'GET' && method !== 'HEAD') return false
  return !FOR_PROGRAMS.test(url) && !isLook(request)
}

/** @param routes their patterns, part by part; a `*` stands for no page */
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
  // An empty first part: to a browser it would have been another host.
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
