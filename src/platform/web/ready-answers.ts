import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { FastifyReply } from 'fastify'
import { NewestMap } from '../cache.ts'
import { chooseEncoding, type Encoding, isKnownTag } from './encoding.ts'

/**
 * Answers that Node's server sends before Fastify routes the request: a reload of a hot address costs one look into
 * a map instead of router, hooks and reply. Why: docs/decisions/0034-ready-answers-measured.md
 */
export interface ReadyAnswers {
  /** Answers and returns true if a fresh answer to the same address is kept. */
  serve(request: IncomingMessage, response: ServerResponse): boolean
  /**
   * For a request that there is no time to answer anew: sends the old answer, though it is no longer fresh. `renew`
   * once a second, when this request is to be answered all the same, since nobody else makes the answer anew.
   */
  serveLate(request: IncomingMessage, response: ServerResponse): 'sent' | 'renew' | 'none'
  /** Keeps the reply's answer; its headers must be complete, and the same for everyone. */
  keep(reply: FastifyReply, answer: ReadyAnswer): void
  /** How many were served, by route; Fastify's hooks don't see them. */
  served(): ReadonlyMap<string, number>
}

interface ReadyAnswer {
  /** Sent to readers for whom `chooseEncoding` chooses this one. */
  encoding: Encoding
  bytes: Buffer
  etag: string
  /** Until when it is fresh, on the clock of `performance.now()`. */
  until: number
}

interface Ready extends ReadyAnswer {
  /** When a late request was last told to renew it. */
  renewedAt: number
  route: string
  /** Names and values in turn, as `writeHead` takes them at the least cost. */
  head: string[]
  unchangedHead: string[]
}

/** Only headers take memory here: bodies are shared with the answer cache. */
const MAX_READY = 500
/** Anyone can make up queries: they have room of their own, and put out no plain address. */
const MAX_READY_WITH_QUERY = 100
const LONGEST_ADDRESS = 200
const RENEW_AFTER_MS = 1000
/** One that nobody has asked for in so long may hold a name that its signer has taken off. */
const LATEST_MS = 10_000
/** Headers that belong to one request. */
const OF_ONE_REQUEST = new Set(['x-request-id'])
const OF_A_BODY = new Set(['content-encoding', 'content-length', 'content-type'])

/** @param latest for so many milliseconds an answer that is no longer fresh may be served late */
export function createReadyAnswers(latest = LATEST_MS): ReadyAnswers {
  const ready: Record<Encoding, Rooms> = {
    br: makeRooms(),
    gzip: makeRooms(),
    identity: makeRooms(),
  }
  const served = new Map<string, number>()

  function find({ method, headers, url }: IncomingMessage): Ready | undefined {
    if (method !== 'GET') return undefined
    return roomOf(url!, ready[chooseEncoding(headers['accept-encoding'])]).get(url!)
  }

  function send(found: Ready, request: IncomingMessage, response: ServerResponse): void {
    served.set(found.route, (served.get(found.route) ?? 0) + 1)
    if (isKnownTag(request.headers['if-none-match'], found.etag)) {
      response.writeHead(304, found.unchangedHead).end()
    } else {
      response.writeHead(200, found.head).end(found.bytes)
    }
  }

  return {
    serve(request, response) {
      const found = find(request)
      if (!found || performance.now() >= found.until) return false
      send(found, request, response)
      return true
    },
    serveLate(request, response) {
      const found = find(request)
      if (!found) return 'none'
      const now = performance.now()
      if (now >= Math.max(found.until, found.renewedAt) + RENEW_AFTER_MS) {
        // Other requests that come meanwhile get the old answer.
        found.renewedAt = now
        return 'renew'
      }
      if (now >= found.until + latest) return 'none'
      send(found, request, response)
      return 'sent'
    },
    keep(reply, answer) {
      const { url, routeOptions } = reply.request
      if (url.length > LONGEST_ADDRESS) return
      const headers = Object.entries(reply.getHeaders()).filter(
        ([name]) => !OF_ONE_REQUEST.has(name),
      )
      roomOf(url, ready[answer.encoding]).set(url, {
        ...answer,
        renewedAt: Number.NEGATIVE_INFINITY,
        route: routeOptions.url ?? 'none',
        head: [...headers.flat().map(String), 'content-length', String(answer.bytes.length)],
        unchangedHead: headers
          .filter(([name]) => !OF_A_BODY.has(name))
          .flat()
          .map(String),
      })
    },
    served: () => served,
  }
}

interface Rooms {
  plain: Map<string, Ready>
  withQuery: Map<string, Ready>
}

function makeRooms(): Rooms {
  return { plain: new NewestMap(MAX_READY), withQuery: new NewestMap(MAX_READY_WITH_QUERY) }
}

const roomOf = (url: string, { plain, withQuery }: Rooms) => (url.includes('?') ? withQuery : plain)
