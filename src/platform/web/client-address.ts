import { BlockList, isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/** For each of TRUST_PROXY's names for networks; see @fastify/proxy-addr. */
const NETWORKS = new Map([
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
])
/** Where our own proxies stand: they pass on what they were sent. */
const OURS = listOf([...NETWORKS.keys()])
const MAPPED = /^::ffff:(?=\d+\.)/i

interface Settings {
  trustProxy: boolean | string
  /** In small letters; null: there is none. */
  clientAddressHeader: string | null
}

/** A request's `ip` is what TRUST_PROXY alone gives. */
type Asking = Pick<FastifyRequest, 'ip' | 'headers' | 'socket'>

export type ClientAddress = (request: Asking) => string

/**
 * The address of the visitor. A CDN names it in a header of its own, which anybody else could send as well: it is
 * believed where the CDN's own address, as our proxies tell it, is one of TRUST_PROXY, and where it is one address.
 */
export function createClientAddress({
  trustProxy,
  clientAddressHeader: name,
}: Settings): ClientAddress {
  if (name === null || trustProxy === false) return ({ ip }) => ip
  const trusted = trustProxy === true ? null : listOf(String(trustProxy).split(','))
  const isTrusted = (address: string) => trusted === null || holds(trusted, address)
  return (request) => {
    const told = request.headers[name]
    // Node joins what comes several times by commas.
    if (typeof told !== 'string' || isIP(told) === 0 || told.includes('%')) return request.ip
    return isTrusted(outermostOf(request, isTrusted)) ? told : request.ip
  }
}

/** Whoever has connected to the outermost of our own proxies, or to us. */
function outermostOf({ socket, headers }: Asking, isTrusted: (address: string) => boolean): string {
  const told = [headers['x-forwarded-for'] ?? []].flat().join(',')
  const passed = told === '' ? [] : told.split(',').map((entry) => entry.trim())
  let address = plain(socket.remoteAddress ?? '')
  while (passed.length > 0 && holds(OURS, address) && isTrusted(address)) {
    address = plain(passed.pop()!)
  }
  return address
}

function listOf(entries: string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries.flatMap((each) => NETWORKS.get(each) ?? each)) {
    const [address = '', length] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    list.addSubnet(address, Number(length ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return list
}

function holds(list: BlockList, address: string): boolean {
  const version = isIP(address)
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

const plain = (address: string) => address.replace(MAPPED, '')
