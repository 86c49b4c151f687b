import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { FastifyReply } from 'fastify'
import { BudgetMap } from '../budget-map.ts'
import { bytesOfEncoded, type Encoded } from './answer-body.ts'
import { type Compression, chooseEncoding, type Encoding, isKnownTag } from './encoding.ts'
import {
  type Asked,
  parseQuery,
  type ReadQuery,
  type Repeated,
  readNothing,
  shapeOf,
} from './read-query.ts'

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
  /** Bytes held, those of bodies that the answer cache holds as well included. */
  held(): number
}

interface ReadyAnswer {
  /** Which of its address's answers it is, as `read` tells by the query. */
  asked: Asked
  read: ReadQuery
  /** That the answer is made in, this one and others. */
  compressions: readonly Compression[]
  /** Sent to readers for whom `chooseEncoding` chooses this one. */
  encoding: Encoding
  encoded: Encoded
  /** Until when it is fresh, on the clock of `performance.now()`. */
  until: number
}

interface Ready {
  encoded: Encoded
  until: number
  /** When a late request was last told to renew it. */
  renewedAt: number
  route: string
  /** Names and values in turn, as `writeHead` takes them at the least cost; without tag and length. */
  head: string[]
  unchangedHead: string[]
}

/** All answers of a path. */
interface Address {
  read: ReadQuery
  variants: Map<string, Variant>
}

interface Variant {
  compressions: readonly Compression[]
  encodings: Partial<Record<Encoding, Ready>>
}

/**
 * Bodies are the answer cache's own, and counted here as well: one that it has put out lives on here. Nobody can make
 * up addresses of answers that are there: each is spelt in one way, and what a route doesn't read of its query counts
 * for nothing.
 */
const BUDGET_BYTES = 16 * 1024 * 1024
/** Of one without its body: two heads and their tables; see tests/platform/budget-map.test.ts. */
const READY_BYTES = 2000
/** What links from social networks and newsletters grow to. */
const LONGEST_ADDRESS = 1000
/** An address that could be spelt in several ways, as `%70` for `p`, is answered, but not kept. */
const ONE_SPELLING = /^[A-Za-z0-9/._~-]*$/
const RENEW_AFTER_MS = 1000
/** One that nobody has asked for in so long may hold a name that its signer has taken off. */
const LATEST_MS = 10_000
/** Headers that belong to one request, or to what it repeats. */
const OF_ONE_REQUEST = new Set(['x-request-id', 'etag'])
const OF_A_BODY = new Set(['content-encoding', 'content-length', 'content-type'])

/** @param latest for so many milliseconds an answer that is no longer fresh may be served late */
export function createReadyAnswers(latest = LATEST_MS): ReadyAnswers {
  const addresses = new BudgetMap<Address>(BUDGET_BYTES, bytesOfAddress, 'ready_answers')
  const served = new Map<string, number>()

  function find({ method, headers, url }: IncomingMessage): Found | null {
    if (method !== 'GET' || url!.length > LONGEST_ADDRESS) return null
    const query = url!.indexOf('?')
    const address = addresses.get(query < 0 ? url! : url!.slice(0, query))
    if (!address) return null
    const { read, variants } = address
    const asked =
      read === readNothing ? {} : read(parseQuery(query < 0 ? '' : url!.slice(query + 1)))
    const variant = asked && variants.get(variantOf(asked))
    if (!variant) return null
    const encoding = chooseEncoding(headers['accept-encoding'], variant.compressions)
    const ready = variant.encodings[encoding]
    return ready ? { ready, repeated: asked.repeated ?? {} } : null
  }

  function send(
    { ready, repeated }: Found,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    served.set(ready.route, (served.get(ready.route) ?? 0) + 1)
    const { bytes, etag } = ready.encoded.fill(repeated)
    if (isKnownTag(request.headers['if-none-match'], etag)) {
      response.writeHead(304, [...ready.unchangedHead, 'etag', etag]).end()
    } else {
      const head = [...ready.head, 'etag', etag, 'content-length', String(bytes.length)]
      response.writeHead(200, head).end(bytes)
    }
  }

  return {
    serve(request, response) {
      const found = find(request)
      if (!found || performance.now() >= found.ready.until) return false
      send(found, request, response)
      return true
    },
    serveLate(request, response) {
      const found = find(request)
      if (!found) return 'none'
      const { ready } = found
      const now = performance.now()
      if (now >= Math.max(ready.until, ready.renewedAt) + RENEW_AFTER_MS) {
        // Other requests that come meanwhile get the old answer.
        ready.renewedAt = now
        return 'renew'
      }
      if (now >= ready.until + latest) return 'none'
      send(found, request, response)
      return 'sent'
    },
    keep(reply, { asked, read, compressions, encoding, encoded, until }) {
      const { url, routeOptions } = reply.request
      const [path = ''] = url.split('?', 1)
      if (url.length > LONGEST_ADDRESS || !ONE_SPELLING.test(path)) return
      const headers = Object.entries(reply.getHeaders()).filter(
        ([name]) => !OF_ONE_REQUEST.has(name),
      )
      const { variants } = addresses.get(path) ?? { variants: new Map<string, Variant>() }
      const variant = variants.get(variantOf(asked)) ?? { compressions, encodings: {} }
      variant.compressions = compressions
      variant.encodings[encoding] = {
        encoded,
        until,
        renewedAt: Number.NEGATIVE_INFINITY,
        route: routeOptions.url ?? 'none',
        head: headers.flat().map(String),
        unchangedHead: headers
          .filter(([name]) => !OF_A_BODY.has(name))
          .flat()
          .map(String),
      }
      variants.set(variantOf(asked), variant)
      addresses.set(path, { read, variants })
    },
    served: () => served,
    held: () => addresses.bytes,
  }
}

interface Found {
  ready: Ready
  repeated: Repeated
}

const variantOf = (asked: Asked): string => [asked.variant ?? '', ...shapeOf(asked)].join(' ')

function bytesOfAddress({ variants }: Address): number {
  const all = [...variants.values()].flatMap(({ encodings }) => Object.values(encodings))
  return all.reduce((sum, { encoded }) => sum + READY_BYTES + bytesOfEncoded(encoded), 0)
}
