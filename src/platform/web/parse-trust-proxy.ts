import { isIP } from 'node:net'
import { SettingError } from '../setting-error.ts'

/** Names that @fastify/proxy-addr has for networks. */
const NETWORKS = ['loopback', 'linklocal', 'uniquelocal']
const HINT = `give false, true, or addresses and networks separated by commas (${NETWORKS.join(', ')}, 10.0.0.0/8)`

/**
 * Whose X-Forwarded-* headers are believed: nobody's, everybody's, or these addresses'. A number is refused: it
 * would be taken for an address, and who means "one proxy" would trust nobody.
 *
 * @throws SettingError
 */
export function parseTrustProxy(text: string): boolean | string {
  if (text === '' || text === 'false') return false
  if (text === 'true') return true
  const entries = text.split(',').map((entry) => entry.trim())
  const odd = entries.find((entry) => !NETWORKS.includes(entry) && !isNetwork(entry))
  if (odd !== undefined) throw new SettingError(`holds "${odd.slice(0, 60)}": ${HINT}`)
  return entries.join(',')
}

function isNetwork(text: string): boolean {
  const [address = '', length, ...more] = text.split('/')
  const version = isIP(address)
  // "fe80::1%eth0" is an address on one link, no network of proxies.
  if (version === 0 || address.includes('%') || more.length > 0) return false
  return length === undefined || (/^[1-9]\d{0,2}$/.test(length) && Number(length) <= BITS[version]!)
}

const BITS: Partial<Record<number, number>> = { 4: 32, 6: 128 }
