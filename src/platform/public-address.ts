import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { ipv6Groups } from './ipv6-groups.ts'

/** Networks of IPv4 that are not the public Internet (IANA's special-purpose registry, RFC 6890). */
const NOT_PUBLIC = new BlockList()
for (const [address, length] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, and all that is reserved above it.
  ['224.0.0.0', 3],
] as const) {
  NOT_PUBLIC.addSubnet(address, length)
}

/** All unicast of IPv6 that anybody was given. */
const GLOBAL = new BlockList()
GLOBAL.addSubnet('2000::', 3, 'ipv6')
/** Of that: protocols of their own with Teredo, examples, 6to4, which leads to an IPv4 address. */
const GLOBAL_NOT_PUBLIC = new BlockList()
for (const [address, length] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  GLOBAL_NOT_PUBLIC.addSubnet(address, length, 'ipv6')
}

/** Where the last 32 bits are an IPv4 address: mapped (RFC 4291), and behind a NAT64 (RFC 6052). */
const CARRIES_IPV4 = ['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0']

/** Whether a machine of the public Internet answers there. @param address an IP address in any spelling */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !NOT_PUBLIC.check(address)
  // With a zone it is link-local.
  if (!isIPv6(address) || address.includes('%')) return false
  const groups = ipv6Groups(address)
  if (CARRIES_IPV4.includes(groups.slice(0, 6).join(':'))) return isPublicAddress(toIpv4(groups))
  const plain = groups.join(':')
  return GLOBAL.check(plain, 'ipv6') && !GLOBAL_NOT_PUBLIC.check(plain, 'ipv6')
}

/** Of this very machine. */
export const isLoopback = (address: string): boolean =>
  address === '::1' || (isIPv4(address) && address.startsWith('127.'))

function toIpv4(groups: string[]): string {
  const bytes = groups.slice(6).flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
  return bytes.join('.')
}
