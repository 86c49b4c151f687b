import { lookup, type Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { connect, isIP } from 'node:net'
import { isLoopback } from '../../platform/connection-safety.ts'
import { type Finding, fault, ok, unchecked } from './finding.ts'

const CONNECT_MS = 4000
/** This machine has no way to such addresses: a reader may have one. */
const NO_WAY_THERE = ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']
const NO_SUCH = ['ENOTFOUND', 'ENODATA']

/** PUBLIC_URL's place in the network. */
export interface Place {
  host: string
  port: number
  isHttps: boolean
  /** Those of the DNS; empty when it has none. */
  addresses: string[]
}

/**
 * PUBLIC_URL's addresses in the DNS, and that each of them takes connections: readers choose among them.
 *
 * @returns the findings; `place` to go on with, null where nothing can be asked
 */
export async function findPlace(
  publicUrl: string,
  resolver: Resolver,
): Promise<{ findings: Finding[]; place: Place | null }> {
  const { hostname, port, protocol } = new URL(publicUrl)
  const isHttps = protocol === 'https:'
  const host = hostname.replace(/^\[|\]$/g, '')
  const place = { host, port: Number(port) || (isHttps ? 443 : 80), isHttps }
  const about = 'DNS of PUBLIC_URL'
  if (host.endsWith('.onion')) {
    return { findings: [unchecked(about, 'an onion address has none')], place: null }
  }
  if (isIP(host) || isLoopback(host)) {
    const addresses = [isIP(host) ? host : '127.0.0.1']
    return { findings: [ok(about, `${host} needs none`)], place: { ...place, addresses } }
  }
  const addresses = await askForHost(resolver, host)
  if (addresses.length === 0) {
    const here = await lookup(host).catch(() => null)
    const found = here
      ? `${host} is known to this machine alone (${here.address}), and has no address in the DNS`
      : `${host} has no address`
    const remedy = 'add an A and AAAA record with the address of the proxy, or correct PUBLIC_URL'
    return { findings: [fault(about, found, remedy)], place: null }
  }
  const reached = await Promise.all(addresses.map((each) => reach(each, place.port)))
  const findings = reached.filter((each) => each !== null)
  const open = addresses.filter((_, at) => reached[at] === null)
  if (open.length > 0) findings.unshift(ok(about, `${host} is ${addresses.join(', ')}`))
  return { findings, place: open.length > 0 ? { ...place, addresses: open } : null }
}

/** IPv4 first, then IPv6. @throws when the DNS can't be asked */
export async function askForHost(resolver: Resolver, host: string): Promise<string[]> {
  const found = await Promise.all([
    orNone(resolver.resolve4(host)),
    orNone(resolver.resolve6(host)),
  ])
  return found.flat()
}

/** Empty where there are no such records. @throws when the DNS can't be asked */
export async function orNone<T>(records: Promise<T[]>): Promise<T[]> {
  return records.catch((error: NodeJS.ErrnoException) => {
    if (NO_SUCH.includes(error.code ?? '')) return []
    throw error
  })
}

/** Null when it takes connections. */
async function reach(address: string, port: number): Promise<Finding | null> {
  const about = `address ${address}`
  const socket = connect({ host: address, port })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) })
    return null
  } catch (error) {
    const { code = '', name } = error as NodeJS.ErrnoException
    if (NO_WAY_THERE.includes(code))
      return unchecked(about, `this machine has no way to it (${code})`)
    const why = name === 'AbortError' ? `no connection within ${CONNECT_MS / 1000} s` : code
    return fault(
      about,
      `is in the DNS, and port ${port} takes no connection (${why})`,
      'start the proxy there, open the firewall, or take the record out; ask from elsewhere if only this machine is kept out',
    )
  } finally {
    socket.destroy()
  }
}
