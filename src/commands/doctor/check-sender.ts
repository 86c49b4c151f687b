import { createPublicKey } from 'node:crypto'
import type { Resolver } from 'node:dns/promises'
import { howMany } from '../../platform/terminal/how-many.ts'
import { askForHost, orNone } from './check-address.ts'
import { isPrivate } from './check-proxy.ts'
import { evaluateSpf } from './evaluate-spf.ts'
import { type Finding, fault, ok, unchecked } from './finding.ts'

/** Of widely used relays and programs; nothing lists a domain's selectors. */
const USUAL_SELECTORS = [
  ...['default', 'dkim', 'mail', 'mailo', 'smtp', 'email', 'key1', 's1', 's2', 'selector1'],
  ...['selector2', 'google', 'k1', 'k2', 'k3', 'fm1', 'fm2', 'fm3', 'protonmail', 'zoho', 'pm'],
  ...['mxvault', 'mesmtp', 'sig1', 'mta', 'brevo', 'mandrill', 'mailjet', 'scph0316', 'dkim1'],
]
const LEAST_RSA_BITS = 1024

/** Answers and bounces go to MAIL_FROM. */
export async function checkMx(resolver: Resolver, domain: string): Promise<Finding> {
  const about = 'MX of MAIL_FROM'
  const records = await orNone(resolver.resolveMx(domain))
  const names = records.sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange)
  const remedy = 'add an MX record of a server that takes mail for it, or change MAIL_FROM'
  if (names.length === 0) {
    if ((await askForHost(resolver, domain)).length > 0)
      return ok(about, `none; mail for ${domain} goes to the address of that name`)
    return fault(about, `${domain} takes no mail, so no answer and no bounce arrives`, remedy)
  }
  if (names.every((name) => name === '' || name === '.')) {
    return fault(about, `${domain} says that it takes no mail (RFC 7505)`, remedy)
  }
  const found = await Promise.all(names.map((name) => askForHost(resolver, name)))
  const lost = names.filter((_, at) => found[at]!.length === 0)
  if (lost.length === names.length) return fault(about, `${lost.join(', ')} has no address`, remedy)
  return ok(about, names.join(', '))
}

/** @param relay host of SMTP_URL; null for the built-in catcher */
export async function checkSpf(
  resolver: Resolver,
  domain: string,
  relay: string | null,
): Promise<Finding> {
  const about = 'SPF'
  const spf = await evaluateSpf(resolver, domain)
  if (!spf) {
    const remedy = `add a TXT record to ${domain}, as the relay's documentation gives it`
    return fault(about, `${domain} has no SPF record, so large providers refuse the mails`, remedy)
  }
  if (spf.problem)
    return fault(about, `receivers can't use it: ${spf.problem}`, 'correct the record')
  if (spf.all === '+') {
    const found = 'its "+all" allows everybody to send as the domain'
    return fault(about, found, 'end the record with "~all" or "-all"')
  }
  const weak = spf.all === '~' || spf.all === '-' ? '' : '; it says nothing about other senders'
  if (!relay) return unchecked(about, `whether it allows the relay: SMTP_URL is not set${weak}`)
  const addresses = await askForHost(resolver, relay).catch(() => [])
  if (addresses.some(spf.allows)) return ok(about, `allows ${relay}${weak}`)
  if (addresses.length === 0 || addresses.every(isPrivate)) {
    const why = `there is a record; the address from which ${relay} sends is not known here`
    return unchecked(about, why)
  }
  const why = `it does not name the address of ${relay}, which may send from others: compare it with the relay's documentation`
  return unchecked(about, why)
}

/** RFC 7489; looked for at the domain, then at those above it. */
export async function checkDmarc(resolver: Resolver, domain: string): Promise<Finding> {
  const about = 'DMARC'
  const labels = domain.split('.')
  for (let at = 0; at < Math.max(1, labels.length - 1); at++) {
    const name = `_dmarc.${labels.slice(at).join('.')}`
    const texts = (await orNone(resolver.resolveTxt(name))).map((parts) => parts.join(''))
    const records = texts.filter((text) => /^v=DMARC1\s*(?:;|$)/i.test(text))
    if (records.length === 0) continue
    if (records.length > 1)
      return fault(about, `${name} has ${howMany(records.length, 'record')}`, 'keep one')
    const policy = /(?:^|;)\s*p\s*=\s*(none|quarantine|reject)\s*(?:;|$)/i.exec(records[0]!)?.[1]
    if (!policy)
      return fault(about, `${name} has no valid p=`, 'write p=none, quarantine or reject')
    const strict = /(?:^|;)\s*adkim\s*=\s*s/i.test(records[0]!)
    const sign = strict ? `, if the relay signs as ${domain} itself (adkim=s)` : ''
    return ok(about, `p=${policy.toLowerCase()} at ${name}${sign}`)
  }
  return fault(
    about,
    `${domain} has no DMARC record, so large providers refuse mail in bulk`,
    `add a TXT record _dmarc.${domain} with "v=DMARC1; p=none"`,
  )
}

/** @param selector given by the operator; null: the usual ones are tried */
export async function checkDkim(
  resolver: Resolver,
  domain: string,
  selector: string | null,
): Promise<Finding> {
  const about = 'DKIM'
  const selectors = selector ? [selector] : USUAL_SELECTORS
  const found = await Promise.all(
    selectors.map(async (each) => ({ each, record: await readKey(resolver, domain, each) })),
  )
  const keys = found.filter(({ record }) => record !== null)
  if (keys.length === 0) {
    if (!selector) return unchecked(about, 'no usual selector has a key: give --dkim-selector NAME')
    const remedy = 'add the record that the relay gives, or correct the selector'
    return fault(about, `${selector}._domainkey.${domain} has no key`, remedy)
  }
  const judged = keys.map(({ each, record }) => ({ each, problem: judgeKey(record!) }))
  const good = judged.filter(({ problem }) => problem === null).map(({ each }) => each)
  if (good.length > 0) {
    const sure = selector ? '' : '; whether the relay signs with it, a mail to yourself shows'
    return ok(about, `${good.join(', ')}._domainkey.${domain}${sure}`)
  }
  const problems = judged.map(({ each, problem }) => `${each}: ${problem}`).join(', ')
  return fault(about, problems, 'let the relay make a new key, and put its record into the DNS')
}

async function readKey(
  resolver: Resolver,
  domain: string,
  selector: string,
): Promise<string | null> {
  const records = await orNone(resolver.resolveTxt(`${selector}._domainkey.${domain}`))
  return (
    records.map((parts) => parts.join('')).find((text) => /(?:^|;)\s*p\s*=/i.test(text)) ?? null
  )
}

/** RFC 6376, section 3.6.1; null for a key that receivers take. */
function judgeKey(record: string): string | null {
  const key = /(?:^|;)\s*p\s*=\s*([^;]*)/i.exec(record)![1]!.replaceAll(/\s/g, '')
  if (key === '') return 'revoked'
  if (/(?:^|;)\s*k\s*=\s*ed25519/i.test(record)) return null
  try {
    const { asymmetricKeyDetails } = createPublicKey({
      key: Buffer.from(key, 'base64'),
      format: 'der',
      type: 'spki',
    })
    const bits = asymmetricKeyDetails?.modulusLength ?? 0
    return bits < LEAST_RSA_BITS ? `a key of ${bits} bits, which receivers ignore` : null
  } catch {
    return 'no key that can be read'
  }
}
