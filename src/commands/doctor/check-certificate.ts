import { once } from 'node:events'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { type Clock, DAY } from '../../platform/clock.ts'
import type { Place } from './check-address.ts'
import { type Finding, fault, inWords, ok } from './finding.ts'

const HANDSHAKE_MS = 6000
/** ACME clients renew a month before the end, or after two thirds of a shorter life: none that works comes so near. */
const SOON_MS = 14 * DAY
const SOON_SHARE = 0.2

/** The certificate at each address: trusted, for this host, and not about to end. */
export async function checkCertificates(
  { host, port, addresses }: Place,
  { clock, ca }: { clock: Clock; ca?: string },
): Promise<Finding[]> {
  const found = await Promise.all(addresses.map((address) => look(address)))
  // One line for all addresses that show the same.
  return found.filter(
    (each, at) => at === found.findIndex(({ found: text }) => text === each.found),
  )

  async function look(address: string): Promise<Finding> {
    const servername = isIP(host) ? undefined : host
    const socket = connect({ host: address, port, servername, ca, rejectUnauthorized: false })
    try {
      await once(socket, 'secureConnect', { signal: AbortSignal.timeout(HANDSHAKE_MS) })
      return judge(socket, host, clock)
    } catch (error) {
      const { code, name } = error as NodeJS.ErrnoException
      const why = name === 'AbortError' ? `no handshake within ${HANDSHAKE_MS / 1000} s` : code
      const remedy = 'let the proxy do TLS at that port'
      return fault('TLS certificate', `${address} port ${port} speaks no TLS (${why})`, remedy)
    } finally {
      socket.destroy()
    }
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['CERT_HAS_EXPIRED', 'it has expired'],
  ['CERT_NOT_YET_VALID', 'it is not valid yet'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it is self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'it is of an authority that nobody trusts'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'the intermediate certificates are missing'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its issuer is not trusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'it is for another name'],
])

function judge(socket: TLSSocket, host: string, clock: Clock): Finding {
  const about = 'TLS certificate'
  const { valid_from: from, valid_to: to } = socket.getPeerCertificate()
  const ends = new Date(to)
  const left = ends.getTime() - clock.now().getTime()
  const life = ends.getTime() - new Date(from).getTime()
  if (!socket.authorized) {
    const error = socket.authorizationError as unknown as string | NodeJS.ErrnoException
    const code = typeof error === 'string' ? error : (error?.code ?? '')
    const why = REASONS.get(code) ?? code
    const remedy = `give the proxy a certificate for ${host}, with its chain`
    return fault(about, `browsers refuse it: ${why}`, remedy)
  }
  const day = ends.toISOString().slice(0, 10)
  if (left < Math.min(SOON_MS, life * SOON_SHARE)) {
    const found = `it ends in ${inWords(left)} (${day}), and should have been renewed`
    return fault(about, found, 'find out why the renewal fails, before readers are shut out')
  }
  return ok(about, `for ${host}, until ${day}, ${socket.getProtocol()}`)
}
