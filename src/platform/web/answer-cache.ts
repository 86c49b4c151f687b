import { performance } from 'node:perf_hooks'
import type { FastifyReply } from 'fastify'
import { BudgetMap } from '../budget-map.ts'
import { isDatabaseAway } from '../database/unavailable.ts'
import { inTimeOrLast } from '../in-time.ts'
import { type Body, bytesOfEncoded, createBody, type Encoded, encode } from './answer-body.ts'
import { chooseEncoding, isKnownTag } from './encoding.ts'
import { standInFor } from './gapped-body.ts'
import { type Query, type ReadQuery, type Repeated, readNothing, shapeOf } from './read-query.ts'
import { createReadyAnswers, type ReadyAnswers } from './ready-answers.ts'

/** Pages and figures that are the same for everyone, kept as the bytes that are sent. */
export interface AnswerCache {
  /** Sends the answer kept under the key, or makes it: once, however many ask at the same moment. */
  send(reply: FastifyReply, wanted: Wanted): Promise<FastifyReply>
  /** The same answers by address, sent before routing. */
  ready: ReadyAnswers
  /** Bytes held by kept answers. */
  held(): number
}

export interface Wanted {
  /** Of what is there, never of what a reader made up. */
  key: string
  /** What the query chooses; by default nothing. Kept with the answer: it must not hold the reply. */
  read?: ReadQuery
  /** A request header that the key depends on: the address alone then doesn't tell which answer is meant. */
  vary?: 'accept-language'
  /** @param repeated is to be written into the answer; not the values themselves, but what stands for them */
  make(asked: { variant: string; repeated: Repeated }): Promise<MadeAnswer>
}

export interface MadeAnswer {
  body: string
  headers: Record<string, string>
}

interface Kept {
  /** On the clock of `performance.now()`. */
  until: number
  answer: Promise<Answer>
  isUnderWay: boolean
  /** The last that was made: given again while the database is away. */
  last: Answer | null
}

interface Answer {
  headers: Record<string, string>
  body: Body
  encodings: Set<Encoded>
}

/** With the count's own cache and the interval of counting, figures are then less than 2 s old. */
const MAX_AGE_MS = 250
/** Some 300 pages in their encodings. A page that readers ask for is set anew with each making, so it stays. */
const BUDGET_BYTES = 16 * 1024 * 1024
/** Of an answer that has nothing else, with its headers; see tests/platform/budget-map.test.ts. */
const ANSWER_BYTES = 3000

/** @param latest see createReadyAnswers */
export function createAnswerCache(maxAge = MAX_AGE_MS, latest?: number): AnswerCache {
  const bytesOf = ({ last }: Kept) =>
    [...(last?.encodings ?? [])].reduce((sum, each) => sum + bytesOfEncoded(each), ANSWER_BYTES)
  const kept = new BudgetMap<Kept>(BUDGET_BYTES, bytesOf, 'answers')
  const ready = createReadyAnswers(latest)

  function find(key: string, make: () => Promise<Answer>): Kept {
    const known = kept.get(key)
    const now = performance.now()
    if (known && (now < known.until || known.isUnderWay)) return known
    const last = known?.last ?? null
    const making = make()
    const answer = inTimeOrLast(making, () => last && { value: last }, isDatabaseAway)
    const made: Kept = { until: now + maxAge, answer, isUnderWay: true, last }
    if (maxAge === 0) return made
    kept.set(key, made)
    const settled = (result: Answer | null) => {
      made.isUnderWay = false
      made.last = result ?? last
      kept.weigh(key, made)
    }
    making.then(settled, () => settled(null))
    // A failure is not kept: only those who waited for it get it.
    answer.catch(() => kept.get(key) === made && kept.delete(key))
    return made
  }

  return {
    ready,
    held: () => kept.bytes,
    async send(reply, { key, read = readNothing, vary, make }) {
      const asked = read(reply.request.query as Query)
      if (!asked) throw new Error(`a query that the route has not refused can't be read: ${key}`)
      const { variant = '', repeated = {} } = asked
      const shape = shapeOf(asked)
      const whole = [key, variant, ...shape].join(' ')
      const found = find(whole, () =>
        makeAnswer(shape, () => make({ variant, repeated: standIns(shape) })),
      )
      const answer = await found.answer
      const { headers, method } = reply.request
      const encoding = chooseEncoding(headers['accept-encoding'], answer.body.compressions)
      const encoded = await encode(answer.body, encoding)
      if (!answer.encodings.has(encoded)) {
        answer.encodings.add(encoded)
        kept.weigh(whole, found)
      }
      const { bytes, etag } = encoded.fill(repeated)
      const varies = [...(vary ? [vary] : []), 'accept-encoding'].join(', ')
      reply.headers({ ...answer.headers, etag, vary: varies })
      if (encoding !== 'identity') reply.header('content-encoding', encoding)
      const { compressions } = answer.body
      const { until } = found
      if (!vary) ready.keep(reply, { asked, read, compressions, encoding, encoded, until })
      if (!isKnownTag(headers['if-none-match'], etag)) return reply.send(bytes)
      reply.removeHeader('content-encoding').removeHeader('content-type').status(304)
      // Fastify takes a HEAD's content-length from the body that it is given, and doesn't send the body.
      return reply.send(method === 'HEAD' ? bytes : undefined)
    },
  }
}

const standIns = (shape: string[]): Repeated =>
  Object.fromEntries(shape.map((name) => [name, standInFor(name)]))

async function makeAnswer(shape: string[], make: () => Promise<MadeAnswer>): Promise<Answer> {
  const { body, headers } = await make()
  const made = createBody(body, shape)
  return { headers, body: made, encodings: new Set([made.identity]) }
}
