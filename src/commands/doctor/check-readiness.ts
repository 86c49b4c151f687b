import { SECOND } from '../../platform/clock.ts'
import { ask } from './ask.ts'
import type { Place } from './check-address.ts'
import { type Finding, fault, ok, unchecked } from './finding.ts'

const PATIENCE_MS = 8 * SECOND
const HTTP_PORT = 80
/** Statuses by which an operator keeps strangers from it. */
const KEPT_FROM_STRANGERS = [401, 403, 404]

interface Target {
  publicUrl: string
  metricsToken: string | null
}

/** What a balancer would hear. */
export async function checkReadiness(
  { addresses }: Place,
  { publicUrl, metricsToken }: Target,
  ca?: string,
): Promise<Finding> {
  const about = '/readyz'
  const question = { address: addresses[0], ca, patience: PATIENCE_MS }
  // What is wrong with the certificate is another check's finding.
  const options = { ...question, rejectUnauthorized: false }
  const { status, text } = await ask(`${publicUrl}/readyz`, options)
  if (KEPT_FROM_STRANGERS.includes(status)) return unchecked(about, `the proxy answers ${status}`)
  if (status !== 200) {
    const why = readWhy(text)
    const found = `answers ${status}, so the site takes no signatures${why ? ` (${why})` : ''}`
    return fault(about, found, "see the findings about the database, and the program's log")
  }
  const mail = /"mail":"(\w+)"/.exec(text)?.[1] ?? 'unknown'
  if (mail === 'ok' || mail === 'unknown') return ok(about, `ready; mail is ${mail}`)
  const why = metricsToken && (await askWhy(publicUrl, metricsToken, question))
  const remedy = why || 'see the findings about mail, and "mails are put off" in the log'
  return fault(about, `ready, and mail is ${mail}`, remedy)
}

const readWhy = (text: string) => /"why":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? null

/** Whoever can answer under the site's name without its certificate must not learn the token. */
async function askWhy(
  publicUrl: string,
  metricsToken: string,
  question: { address?: string; ca?: string; patience: number },
): Promise<string | null> {
  if (!publicUrl.startsWith('https:')) return null
  const headers = { authorization: `Bearer ${metricsToken}` }
  const answer = await ask(`${publicUrl}/readyz`, { ...question, headers }).catch(() => null)
  return answer && readWhy(answer.text)
}

/** That somebody who types the bare name comes to https. */
export async function checkRedirect(
  { host, port, isHttps, addresses }: Place,
  httpPort = HTTP_PORT,
): Promise<Finding> {
  const about = 'http'
  if (!isHttps) return unchecked(about, 'PUBLIC_URL is no https: address')
  if (port !== 443 && httpPort === HTTP_PORT) {
    return unchecked(about, `PUBLIC_URL has a port of its own, ${port}`)
  }
  try {
    const { status, headers } = await ask(`http://${host}:${httpPort}/`, {
      address: addresses[0],
      patience: PATIENCE_MS,
      headers: { host },
    })
    const { location = '' } = headers
    if (status >= 300 && status < 400 && location.startsWith('https://')) {
      return ok(about, `leads to ${location}`)
    }
    const found = `port ${httpPort} answers ${status} instead of leading to https`
    return fault(about, found, 'let the proxy redirect http to https')
  } catch {
    return ok(about, `port ${httpPort} gives no answer`)
  }
}

/** Forms that travel readable tell everybody on the way who signs. */
export const checkScheme = (publicUrl: string): Finding =>
  fault(
    'PUBLIC_URL',
    `${publicUrl} is not encrypted: whoever sees the traffic sees who signs`,
    'put a proxy with TLS in front, and set PUBLIC_URL to its https: address',
  )
