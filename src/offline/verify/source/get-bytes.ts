import { setTimeout as pause } from 'node:timers/promises'
import { safeText } from '../../../platform/terminal/escape-unsafe.ts'
import { VerifyError } from '../verify-error.ts'
import { explainNetworkError, isHopeless, readRefusal } from './explain-network-error.ts'

export interface HttpOptions {
  signal: AbortSignal
  patience: Patience
}

/** How long a site may take. */
export interface Patience {
  /** For an answer to begin, and between two parts of it. */
  silenceMs: number
  /** For a whole answer, however steadily it drips. */
  answerMs: number
  tries: number
  /** After the first failure; twice as long after each further one. */
  pauseMs: number
}

export const PATIENCE: Patience = {
  silenceMs: 30_000,
  answerMs: 300_000,
  tries: 5,
  pauseMs: 500,
}

const STOPPED = 'stopped; the same command goes on with what is downloaded already'
const MAX_PAUSE_MS = 30_000
const MAX_REDIRECTS = 5
/** Bytes of an answer that refuses: enough for the site's own words. */
const REFUSAL_LIMIT = 10_000

type Answer = { bytes: Uint8Array | null } | { failed: string; waitMs?: number }

/**
 * Gets a file of a site: null when it isn't there, `limit` + 1 bytes when it is longer. Waits and
 * tries again when the site or the network is in trouble.
 *
 * @throws VerifyError when they stay so, or when the site leads elsewhere
 */
export async function getBytes(url: URL, limit: number, http: HttpOptions) {
  const { signal, patience } = http
  for (let tried = 1; ; tried++) {
    const answer = await attemptOnce(url, limit, http)
    if ('bytes' in answer) return answer.bytes
    if (tried >= patience.tries) {
      const times = tried === 1 ? 'once' : `${tried} times`
      throw new VerifyError(
        `${url} can't be had: ${answer.failed}, tried ${times}; check the address and your connection, or run again later: what is downloaded already is kept`,
      )
    }
    const waitMs = answer.waitMs ?? patience.pauseMs * 2 ** (tried - 1)
    await pause(Math.min(waitMs, MAX_PAUSE_MS), null, { signal }).catch(() => {})
  }
}

async function attemptOnce(url: URL, limit: number, { signal, patience }: HttpOptions) {
  const controller = new AbortController()
  const stop = () => controller.abort()
  const silence = setTimeout(stop, patience.silenceMs)
  const whole = setTimeout(stop, patience.answerMs)
  signal.addEventListener('abort', stop)
  try {
    // The listener isn't called for an earlier abort.
    signal.throwIfAborted()
    const response = await request(url, controller.signal)
    silence.refresh()
    return await readAnswer(url, response, limit, () => silence.refresh())
  } catch (error) {
    if (signal.aborted) throw new VerifyError(STOPPED)
    if (error instanceof VerifyError) throw error
    if (controller.signal.aborted) return { failed: 'it does not answer in time' }
    const failed = explainNetworkError(error)
    if (isHopeless(error)) throw new VerifyError(`${url} can't be had: ${failed}`)
    return { failed }
  } finally {
    clearTimeout(silence)
    clearTimeout(whole)
    signal.removeEventListener('abort', stop)
  }
}

/** Follows redirects within the site alone: whose log is verified is for the user to say. */
async function request(url: URL, signal: AbortSignal): Promise<Response> {
  let at = url
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    // As c2sp.org/tlog-tiles asks of clients; fetch unpacks it; the limit counts unpacked bytes.
    const headers = { 'accept-encoding': 'gzip, identity' }
    const response = await fetch(at.href, { redirect: 'manual', signal, headers })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || location === null) return response
    await response.body?.cancel()
    const to = URL.canParse(location, at.href) ? new URL(location, at) : null
    if (to?.origin !== url.origin) {
      throw new VerifyError(
        `${url} leads elsewhere, to ${safeText(to?.origin ?? location)}: if you trust that address, verify it instead`,
      )
    }
    at = to
  }
  throw new VerifyError(`${url} leads in circles; tell those who run the site`)
}

async function readAnswer(
  url: URL,
  { status, body, headers }: Response,
  limit: number,
  onPart: () => void,
): Promise<Answer> {
  if (status === 200) return { bytes: await readUpTo(body, limit, onPart) }
  if (status >= 500 || status === 429 || status === 408) {
    const text = Buffer.from(await readUpTo(body, REFUSAL_LIMIT, onPart)).toString()
    const failed = readRefusal(url, status, text)
    const seconds = Number(headers.get('retry-after') ?? Number.NaN)
    return { failed, waitMs: seconds > 0 ? seconds * 1000 : undefined }
  }
  await body?.cancel()
  if (status === 404 || status === 410) return { bytes: null }
  throw new VerifyError(
    `${url} can't be had: it answers with status ${status}; tell those who run the site`,
  )
}

async function readUpTo(
  body: Response['body'],
  limit: number,
  onPart: () => void,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body ?? []) {
    onPart()
    parts.push(part)
    length += part.length
    // Leaving the loop also ends the connection.
    if (length > limit) break
  }
  return Buffer.concat(parts).subarray(0, limit + 1)
}
