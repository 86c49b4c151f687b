import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { ipv6Groups } from '../platform/ipv6-groups.ts'

/** The networks that an address belongs to, as keys of counts: its household's and its neighbourhood's. */
export interface Network {
  /** IPv4 /32, IPv6 /64: what one customer has. */
  host: string
  /** IPv4 /24, IPv6 /48: what one customer can easily have more of. */
  net: string
}

/** Addresses that are nobody's own: a proxy in front, an onion service, a container's bridge. */
const SHARED = new BlockList()
for (const [address, length] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  SHARED.addSubnet(address, length)
}
SHARED.addAddress('::', 'ipv6')
SHARED.addAddress('::1', 'ipv6')
SHARED.addSubnet('fc00::', 7, 'ipv6')
SHARED.addSubnet('fe80::', 10, 'ipv6')

const MAPPED = /^::ffff:(?=\d+\.)/i

/** Null where the address tells nobody apart. */
export function networkOf(address: string): Network | null {
  const plain = address.split('%', 1)[0]!.replace(MAPPED, '')
  if (isIPv4(plain)) {
    if (SHARED.check(plain)) return null
    return { host: `4 ${plain}`, net: `4 ${plain.slice(0, plain.lastIndexOf('.'))}` }
  }
  if (!isIPv6(plain) || SHARED.check(plain, 'ipv6')) return null
  const groups = ipv6Groups(plain)
  return { host: `6 ${groups.slice(0, 4).join(':')}`, net: `6 ${groups.slice(0, 3).join(':')}` }
}
