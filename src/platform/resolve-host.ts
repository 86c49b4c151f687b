import { Resolver } from 'node:dns/promises'
import { SECOND } from './clock.ts'

/** Of each question to each name server; a second try has twice the time. */
const TIMEOUT_MS = 2 * SECOND
const TRIES = 2
/** These names are this machine's, and no name server's to answer (RFC 6761). */
const LOCALHOST = /(?:^|\.)localhost\.?$/
const LOOPBACK = ['127.0.0.1', '::1']

/**
 * Every address of a host, as DNS has them. The resolver of the system, getaddrinfo, holds one of four threads for as
 * long as a name server is silent, and files wait for these threads, too: whoever chooses the host often runs its name
 * server. c-ares asks by sockets, and can be told to stop. It knows neither /etc/hosts nor search domains.
 *
 * @param servers in place of the system's; for tests
 * @returns none where there are none, or none in time
 */
export async function resolveHost(
  host: string,
  signal: AbortSignal,
  servers?: string[],
): Promise<string[]> {
  if (LOCALHOST.test(host)) return LOOPBACK
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES })
  if (servers) resolver.setServers(servers)
  const cancel = () => resolver.cancel()
  signal.addEventListener('abort', cancel)
  try {
    const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}
