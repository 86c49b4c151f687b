import type { IncomingMessage, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import Handlebars from 'handlebars'
import { languages, negotiate } from '../i18n/translate.ts'
import { plainMessages, RETRY_AFTER_SECONDS } from './http-error.ts'
import { type Headers, headersForOtherSites, inFrames } from './security-headers.ts'

/** What a request that is refused for want of time is answered: 503, at a small part of an answer's cost. */
export interface BusyAnswers {
  /** Renders the pages beforehand. */
  prepare(render: (language: string, form: BusyForm | null) => Promise<string>): Promise<void>
  send(request: IncomingMessage, response: ServerResponse): void
}

/** A form that sends again what was typed: in the page rendered beforehand, places to put it. */
interface BusyForm {
  action: string
  fields: string
}

const PLACES: BusyForm = { action: '/a-c-t-i-o-n', fields: '<!--fields-->' }
/** As the longest form that is taken. */
const LONGEST_FORM_BYTES = 16 * 1024
/** Ours have fewer than thirty. To give back thousands would cost more than to answer. */
const MOST_FIELDS = 100
/** Of this site: what begins with two slashes would be an address on another host. */
const OWN_PATH = /^\/(?![/\\])/
const JSON_BODY = Buffer.from(
  JSON.stringify({ statusCode: 503, error: STATUS_CODES[503], message: plainMessages[503] }),
)
const escapeText = Handlebars.Utils.escapeExpression

export function createBusyAnswers(headers: Headers): BusyAnswers {
  const common = { ...headers, 'cache-control': 'no-store', 'retry-after': RETRY_AFTER_SECONDS }
  const page = { ...common, 'content-type': 'text/html; charset=utf-8' }
  // Gives back, to its own sender alone, a form that was sent in a frame. What it repeats does nothing by itself.
  const framed = inFrames(page as never, '*')
  const json = { ...headersForOtherSites(common as never), 'content-type': 'application/json' }
  const pages = new Map<string, Buffer>()
  const forms = new Map<string, string[]>()

  function end(response: ServerResponse, head: object, body: Buffer): void {
    response.writeHead(503, { ...head, 'content-length': body.length }).end(body)
  }

  function giveBack(
    request: IncomingMessage,
    response: ServerResponse,
    { parts, plain }: { parts: string[]; plain: Buffer },
  ): void {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const [before, between, after] = parts
      const fields = hiddenFields(Buffer.concat(chunks).toString())
      if (fields === null) return end(response, page, plain)
      const html = before + escapeText(request.url ?? '') + between + fields + after
      end(response, isFramed(request) ? framed : page, Buffer.from(html))
    })
  }

  return {
    async prepare(render) {
      for (const language of languages) {
        pages.set(language, Buffer.from(await render(language, null)))
        const [before = '', rest = ''] = (await render(language, PLACES)).split(PLACES.action)
        forms.set(language, [before, ...rest.split(PLACES.fields)])
      }
    },
    send(request, response) {
      const { url = '', headers: sent } = request
      if (/^\/(?:api|log)(?:\/|$)/.test(url)) return end(response, json, JSON_BODY)
      const [, first = ''] = url.split('/', 2)
      const language = languages.includes(first) ? first : negotiate(sent['accept-language'])
      const parts = isOwnForm(request) ? forms.get(language) : undefined
      // Reloading it sends a form again as well.
      const plain = pages.get(language) ?? Buffer.alloc(0)
      if (parts) giveBack(request, response, { parts, plain })
      else end(response, page, plain)
    },
  }
}

/** Another site must not make us show a form that it has filled in. */
function isOwnForm({ method, url = '', headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    OWN_PATH.test(url) &&
    headers['sec-fetch-site'] === 'same-origin' &&
    headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true &&
    Number(headers['content-length']) <= LONGEST_FORM_BYTES
  )
}

const isFramed = ({ url = '' }: IncomingMessage) => /^\/embed\/[^/]/.test(url)

/** Null when they are more than a form of this site has. */
function hiddenFields(body: string): string | null {
  if (body.split('&', MOST_FIELDS + 1).length > MOST_FIELDS) return null
  let html = ''
  for (const [name, value] of new URLSearchParams(body)) {
    html += `<input type="hidden" name="${escapeText(name)}" value="${escapeText(value)}">`
  }
  return html
}
