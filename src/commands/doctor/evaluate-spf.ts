import type { Resolver } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { askForHost, orNone } from './check-address.ts'

/** RFC 7208, section 4.6.4: a receiver gives up beyond it, and takes the record for broken. */
const MOST_LOOKUPS = 10

/** A domain's SPF record with all that it includes. */
interface Spf {
  /** Why receivers take it for broken; null when they don't. */
  problem: string | null
  /** The qualifier of `all`: what is said of everybody else. Null where nothing is. */
  all: string | null
  /** Whether mails from the address are allowed; never sure of mechanisms that depend on the mail. */
  allows(address: string): boolean
}

/**
 * RFC 7208, as far as it can be known without a mail: `exists` and macros count as look-ups and allow nobody.
 *
 * @returns null when the domain has no record
 * @throws when the DNS can't be asked
 */
export async function evaluateSpf(resolver: Resolver, domain: string): Promise<Spf | null> {
  const allowed = new BlockList()
  let lookups = 0
  let problem: string | null = null
  const complain = (why: string) => {
    problem ??= why
  }

  /** @returns the qualifier of its `all`; undefined when there is no record */
  async function walk(name: string): Promise<string | null | undefined> {
    const records = await readRecords(resolver, name)
    if (records.length === 0) return undefined
    if (records.length > 1) complain(`${name} has ${records.length} SPF records, and may have one`)
    let all: string | null = null
    let redirect: string | null = null
    for (const term of records[0]!.split(/\s+/).slice(1).filter(Boolean)) {
      const [, qualifier = '', mechanism = '', value = ''] =
        /^([+?~-]?)([a-z0-9]+)(?![a-z0-9])[:=]?(.*)$/is.exec(term) ?? []
      const kind = mechanism.toLowerCase()
      if (kind === 'all') {
        all ??= qualifier || '+'
        break
      }
      if (kind === 'redirect') redirect = value
      else if (!(await take(kind, value, qualifier === '' || qualifier === '+', name))) {
        complain(`${name} has "${term.slice(0, 60)}", which is no part of SPF`)
      }
    }
    if (all !== null || redirect === null) return all
    if (!mayLookUp() || redirect.includes('%')) return null
    const further = await walk(redirect)
    if (further === undefined) complain(`${redirect}, which it redirects to, has no SPF record`)
    return further ?? null
  }

  /** @returns false for what is not a mechanism */
  async function take(kind: string, value: string, passes: boolean, name: string) {
    if (kind === 'ip4' || kind === 'ip6') return !passes || allow(value)
    if (kind === 'exp') return true
    if (!['include', 'a', 'mx', 'exists', 'ptr'].includes(kind)) return false
    if (!mayLookUp()) return true
    const [host = '', ...bits] = value.split('/')
    if (kind === 'exists' || kind === 'ptr' || host.includes('%')) return true
    if (kind === 'include') {
      if ((await walk(host)) === undefined) {
        complain(`${host}, which it includes, has no SPF record`)
      }
      return true
    }
    const names = kind === 'a' ? [host || name] : await exchangesOf(host || name)
    for (const each of names) {
      for (const address of await askForHost(resolver, each)) {
        const length = isIP(address) === 4 ? bits[0] : bits.at(-1)
        if (passes) allow(length ? `${address}/${length}` : address)
      }
    }
    return true
  }

  function mayLookUp(): boolean {
    lookups++
    if (lookups > MOST_LOOKUPS) complain(`it takes more than ${MOST_LOOKUPS} look-ups`)
    return lookups <= MOST_LOOKUPS
  }

  function allow(network: string): boolean {
    const [address = '', bits] = network.split('/')
    const version = isIP(address)
    if (version === 0) return false
    const most = version === 4 ? 32 : 128
    const length = Number(bits ?? most)
    if (!(length >= 0 && length <= most)) return false
    allowed.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6')
    return true
  }

  async function exchangesOf(name: string): Promise<string[]> {
    const records = await orNone(resolver.resolveMx(name))
    return records.map(({ exchange }) => exchange).filter(Boolean)
  }

  const all = await walk(domain)
  if (all === undefined) return null
  const allows = (address: string) => allowed.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
  return { problem, all, allows }
}

async function readRecords(resolver: Resolver, name: string): Promise<string[]> {
  const records = await orNone(resolver.resolveTxt(name))
  return records.map((parts) => parts.join('')).filter((text) => /^v=spf1(?:\s|$)/i.test(text))
}
