import type { IncomingMessage } from 'node:http'

/** Browsers and proxies together send some thirty. Node would silently leave out those beyond 2,000. */
const MOST_HEADERS = 100
/** RFC 3986, section 3.2.2, with a port; brackets are an IPv6 address's. */
const HOST = /^[A-Za-z0-9._~%!$&'()*+,;=:[\]-]*$/

/** An address as clients write it to a proxy, with the host in it. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)/i

/** What is wrong with a request that Node's parser has let through. */
export interface HeadFault {
  status: number
  headers?: Record<string, string>
}

/**
 * Requests that this server and a proxy in front could understand differently, and bodies that would have to be
 * unpacked: none is. Called before anything is answered.
 */
export function judgeHead(request: IncomingMessage): HeadFault | null {
  const { headers, httpVersion, rawHeaders, url = '' } = request
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return { status: 400 }
  if (rawHeaders.length > 2 * MOST_HEADERS) return { status: 431 }
  // RFC 9112, section 3.2.
  const { host } = headers
  if (host === undefined ? httpVersion === '1.1' : !HOST.test(host)) return { status: 400 }
  if (countHosts(rawHeaders) > 1) return { status: 400 }
  // RFC 9112, section 3.2.2: a proxy goes by the one name, and we by the other.
  const named = ABSOLUTE.exec(url)?.[1]
  if (named !== undefined && host !== undefined && named.toLowerCase() !== host.toLowerCase())
    return { status: 400 }
  // RFC 9112, section 6.1: no other coding is known here, and HTTP/1.0 has none.
  const coding = headers['transfer-encoding']
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || httpVersion !== '1.1'))
    return { status: 400 }
  // RFC 9110, section 15.5.16. A few bytes could unpack to gigabytes.
  const packed = headers['content-encoding']
  if (packed !== undefined && packed.toLowerCase() !== 'identity')
    return { status: 415, headers: { 'accept-encoding': 'identity' } }
  return null
}

/** Of several, Node keeps the first alone. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!
    if (name.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count
}
