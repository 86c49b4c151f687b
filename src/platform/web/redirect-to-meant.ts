import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { turnIntoRedirect } from './redirect-within.ts'

/** What is asked by programs, which read a 404. */
const FOR_PROGRAMS = /^\/(?:api\/v|log\/|assets\/)/
/** Where it stands in a request, it is one of ours that looks whether a page is there. */
const LOOKING = 'x-looking'

/** The addresses of our pages consist of these alone; the longest beginning that does. */
const WHOLE = /^(?:\/[\p{L}\p{N}_-]+)*/u
/** What chats, mail programs and hasty fingers leave at an end: `).`, `»`, `">here</a>`, `&fbclid=…`. No `1.0`. */
const GLUED = /^[^\p{L}\p{N}_/-](?!\p{N})/u
/** One slash too many, or several, with or without the same behind it. */
const SLASHES = /^\/+[^\p{L}\p{N}_/-]*$/u
/** Letters of a token or a name that are also how chats mark what is slanted or struck out. */
const MARKS = '-_'

/**
 * Instead of a 404: the page that was meant, if it is there, when what was asked for is its address with
 * something at its end that does not belong there, or without the slash that does. Before `compressAnswers`.
 */
export function redirectToMeant(app: FastifyInstance): void {
  const secret = randomUUID()
  const isThere = async (url: string) => {
    const headers = { [LOOKING]: secret }
    const { statusCode } = await app.inject({ method: 'HEAD', url, headers })
    return statusCode < 400
  }

  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode !== 404 || !mayBeMeant(request, secret)) return payload
    const [path = '', query = ''] = request.url.split('?')
    for (const meant of meantBy(path)) {
      if (!(await isThere(meant))) continue
      const kept = new URLSearchParams(query).toString()
      turnIntoRedirect(reply, kept ? `${meant}?${kept}` : meant)
      return ''
    }
    return payload
  })
}

function mayBeMeant({ method, url, headers }: FastifyRequest, secret: string): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  return !FOR_PROGRAMS.test(url) && headers[LOOKING] !== secret
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
