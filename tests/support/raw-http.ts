import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { securityHeaders } from '../../src/platform/web/security-headers.ts'

/** Figures may be read by any site's script: they go without these. */
const OF_PAGES = ['x-frame-options', 'cross-origin-opener-policy', 'permissions-policy']

/**
 * Sends the bytes as they are, and reads until the server closes.
 *
 * @param methods of the requests, when there are several
 */
export async function sendRaw(
  origin: string,
  bytes: string,
  methods: readonly string[] = [bytes.split(' ')[0]!],
): Promise<Answer[]> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  const read = createAnswersReader(methods)
  const answers: Answer[] = []
  socket.write(bytes)
  try {
    for await (const chunk of socket) answers.push(...read(chunk))
  } catch (error) {
    // What it had sent before it hung up counts.
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error
  }
  return answers
}

/** That the answer is as guarded as every page, or as figures that any site may read. */
export function assertGuarded(headers: Pick<Map<string, string>, 'get'>, what: string): void {
  const isOpen = headers.get('access-control-allow-origin') === '*'
  for (const [name, value] of Object.entries(securityHeaders({ https: false }))) {
    const expected = isOpen && OF_PAGES.includes(name) ? undefined : value
    assert.equal(headers.get(name), expected, `${name} of ${what}`)
  }
}

/** Asks under another name, as a browser does that resolved that name to this address. */
export async function askAs(host: string, url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, async (answer) => {
      resolve({ status: answer.statusCode!, body: await text(answer) })
    })
      .on('error', reject)
      .end()
  })
}

/** As pages of others would have them; some only look like this machine's. */
export const othersHosts = (port: string): string[] => [
  `rebound.evil.example:${port}`,
  'evil.example',
  `127.0.0.1.evil.example:${port}`,
  `localhost.evil.example`,
  `evil-localhost:${port}`,
  `127.0.0.1@evil.example`,
  `evil.example#127.0.0.1`,
  '0.0.0.0',
]

export interface Answer {
  status: number
  /** Names in lower case. */
  headers: Map<string, string>
  body: Buffer
}

const HEAD_END = Buffer.from('\r\n\r\n')
const LINE_END = Buffer.from('\r\n')

/**
 * Reads answers to pipelined requests off one connection.
 *
 * @param methods of the requests, in their order: what follows a HEAD has no body
 * @returns a function that takes what arrives, and gives the answers that are whole
 * @throws when what arrives is no answer
 */
export function createAnswersReader(methods: readonly string[]): (chunk: Buffer) => Answer[] {
  let bytes: Buffer = Buffer.alloc(0)
  let answered = 0
  return (chunk) => {
    bytes = bytes.length > 0 ? Buffer.concat([bytes, chunk]) : chunk
    const answers: Answer[] = []
    for (;;) {
      const read = readAnswer(bytes, methods[answered] === 'HEAD')
      if (!read) return answers
      bytes = bytes.subarray(read.length)
      // 100 Continue comes before the answer.
      if (read.answer.status < 200) continue
      answered++
      answers.push(read.answer)
    }
  }
}

function readAnswer(bytes: Buffer, isHead: boolean): { answer: Answer; length: number } | null {
  const end = bytes.indexOf(HEAD_END)
  if (end < 0) return null
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1])
  if (!status) throw new Error(`no status line: ${JSON.stringify(statusLine)}`)
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const from = end + HEAD_END.length
  const hasNone = isHead || status < 200 || status === 204 || status === 304
  const body = hasNone ? { bytes: Buffer.alloc(0), until: from } : readBody(bytes, from, headers)
  return body && { answer: { status, headers, body: body.bytes }, length: body.until }
}

function readBody(bytes: Buffer, from: number, headers: Map<string, string>) {
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(bytes, from)
  const length = headers.get('content-length')
  if (length === undefined) throw new Error('an answer of no length')
  const until = from + Number(length)
  return bytes.length < until ? null : { bytes: bytes.subarray(from, until), until }
}

function readChunks(bytes: Buffer, from: number) {
  const chunks: Buffer[] = []
  for (let at = from; ; ) {
    const line = bytes.indexOf(LINE_END, at)
    if (line < 0) return null
    const start = line + LINE_END.length
    const length = Number.parseInt(bytes.toString('latin1', at, line), 16)
    at = start + length + LINE_END.length
    if (bytes.length < at) return null
    if (length === 0) return { bytes: Buffer.concat(chunks), until: at }
    chunks.push(bytes.subarray(start, start + length))
  }
}
