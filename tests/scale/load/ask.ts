import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface Answer {
  /** 0 when none came: refused, cut off, or too late. */
  status: number
  location: string
  /** Null without one. */
  retryAfter: string | null
  body: string
  /** Milliseconds. */
  took: number
}

const TIMEOUT_MS = 20_000
const agent = new Agent({ keepAlive: true, maxSockets: 200 })

export const closeConnections = () => agent.destroy()

/**
 * One request, as a browser without JavaScript sends it.
 *
 * @param form that is posted
 * @param more headers, as a proxy adds them
 */
export function ask(
  url: string,
  form?: Record<string, string>,
  more: Record<string, string> = {},
): Promise<Answer> {
  const begun = performance.now()
  const body = form && new URLSearchParams(form).toString()
  return new Promise((resolve) => {
    const end = (status: number, headers: IncomingHttpHeaders = {}, text = '') =>
      resolve({
        status,
        location: headers.location ?? '',
        retryAfter: headers['retry-after'] ?? null,
        body: text,
        took: performance.now() - begun,
      })
    const sent = request(url, {
      agent,
      timeout: TIMEOUT_MS,
      method: body === undefined ? 'GET' : 'POST',
      headers:
        body === undefined
          ? more
          : {
              ...more,
              'content-type': 'application/x-www-form-urlencoded',
              'sec-fetch-site': 'same-origin',
              'content-length': Buffer.byteLength(body),
            },
    })
    sent.on('timeout', () => sent.destroy(new Error('too late')))
    sent.on('error', () => end(0))
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', () => end(0))
      response.on('end', () =>
        end(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString()),
      )
    })
    sent.end(body)
  })
}
