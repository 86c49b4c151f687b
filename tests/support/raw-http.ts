import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { securityHeaders } from '../../src/platform/web/security-headers.ts'

export interface RawAnswer {
  status: number
  /** Names in lower case. */
  headers: Map<string, string>
  body: string
}

/** Figures may be read by any site's script: they go without these. */
const OF_PAGES = ['x-frame-options', 'cross-origin-opener-policy', 'permissions-policy']

/** Sends the bytes as they are, and reads until the server closes. Null when it says nothing. */
export async function sendRaw(origin: string, bytes: string | Buffer): Promise<RawAnswer | null> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  socket.write(bytes)
  const chunks: Buffer[] = []
  try {
    for await (const chunk of socket) chunks.push(chunk)
  } catch {
    // What it had sent before it hung up counts.
  }
  return chunks.length > 0 ? parseAnswer(Buffer.concat(chunks).toString()) : null
}

function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: new Map(headers),
    body: rest.join('\r\n\r\n'),
  }
}

/** That the answer is as guarded as every page, or as figures that any site may read. */
export function assertGuarded(headers: Pick<Map<string, string>, 'get'>, what: string): void {
  const isOpen = headers.get('access-control-allow-origin') === '*'
  for (const [name, value] of Object.entries(securityHeaders({ https: false }))) {
    const expected = isOpen && OF_PAGES.includes(name) ? undefined : value
    assert.equal(headers.get(name), expected, `${name} of ${what}`)
  }
}
