import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { SECOND } from './clock.ts'
import { isLoopback, isPublicAddress } from './public-address.ts'
import { resolveHost } from './resolve-host.ts'

/** For everything: resolving, connecting, sending, and the head of the answer. */
const WITHIN_MS = 15 * SECOND
/** So much of an answer's body is read, to leave the connection in order; what it says is nobody's business. */
const MOST_READ_BYTES = 8 * 1024

export interface PostMeans {
  /** In development a receiver on this machine may be tried out. */
  allowLoopback: boolean
  /** @returns every address of a host */
  resolve?: (host: string, signal: AbortSignal) => Promise<string[]>
  /** Certificates in PEM that are trusted instead of the public ones. */
  ca?: string
  withinMs?: number
}

/** `why`: without anything of the answer's own. */
export type Posted = { status: number } | { why: string }

/**
 * Posts to an address that somebody else has named, and to nothing but the public Internet: every address of the host
 * must be public, and the connection goes to one of those that were looked at, so that a name that leads elsewhere the
 * next moment (DNS rebinding) gains nothing. Redirects are not followed, proxies of the environment not used.
 */
export async function postOutside(
  url: URL,
  { headers, body }: { headers: Record<string, string>; body: string },
  means: PostMeans,
): Promise<Posted> {
  const signal = AbortSignal.timeout(means.withinMs ?? WITHIN_MS)
  const late = new Promise<Posted>((resolve) => {
    signal.addEventListener('abort', () => resolve({ why: 'no answer in time' }))
  })
  const posted = resolveChecked(url, means, signal).then((checked) =>
    'why' in checked ? checked : send(url, { headers, body }, { ...means, ...checked, signal }),
  )
  return Promise.race([posted, late])
}

/** @returns why the URL may not be posted to; null where it may */
export function whyRefused(url: URL, { allowLoopback }: Pick<PostMeans, 'allowLoopback'>) {
  const host = hostOf(url)
  const isOwn = allowLoopback && (host === 'localhost' || isLoopback(host))
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isOwn)) {
    return allowLoopback ? 'it must begin with https://, or lead to this machine' : 'it must begin with https://' // biome-ignore format: one line
  }
  if (url.username || url.password) return 'it must have no user name or password in it'
  if (isIP(host) && !isOwn && !isPublicAddress(host)) return `${host} is no public address`
  return null
}

/** Without the brackets of an IPv6 address. */
const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '')

async function resolveChecked(
  url: URL,
  { allowLoopback, resolve = resolveHost }: PostMeans,
  signal: AbortSignal,
): Promise<{ addresses: string[] } | { why: string }> {
  const refused = whyRefused(url, { allowLoopback })
  if (refused) return { why: refused }
  const host = hostOf(url)
  const addresses = isIP(host) ? [host] : await resolve(host, signal).catch(() => [])
  if (addresses.length === 0) return { why: 'its host has no address' }
  const wrong = addresses.find(
    (address) => !isPublicAddress(address) && !(allowLoopback && isLoopback(address)),
  )
  if (wrong) return { why: `its host leads to ${wrong}, which is no public address` }
  return { addresses }
}

function send(
  url: URL,
  { headers, body }: { headers: Record<string, string>; body: string },
  { addresses, ca, signal }: PostMeans & { addresses: string[]; signal: AbortSignal },
): Promise<Posted> {
  const { request, Agent } = url.protocol === 'https:' ? https : http
  const all = addresses.map((address) => ({ address, family: isIP(address) }))
  const answerAll: LookupFunction = (_host, options, answer) =>
    options.all ? answer(null, all) : answer(null, all[0]!.address, all[0]!.family)
  return new Promise((settle) => {
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      // One of its own: none is shared with other hosts, kept, or sent through a proxy.
      agent: new Agent({ keepAlive: false }),
      lookup: answerAll,
      ca,
      signal,
    })
    sent.on('error', (error: NodeJS.ErrnoException) =>
      settle({ why: signal.aborted ? 'no answer in time' : (error.code ?? 'no connection') }),
    )
    sent.on('response', (answer) => {
      settle({ status: answer.statusCode! })
      let read = 0
      answer.on('data', (chunk: Buffer) => {
        read += chunk.length
        if (read > MOST_READ_BYTES) answer.destroy()
      })
      answer.on('error', () => {})
    })
    sent.end(body)
  })
}
