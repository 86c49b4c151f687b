import type { Config } from '../../config.ts'
import type { Seen } from '../../platform/web/seen.routes.ts'
import { type Finding, fault, ok, unchecked } from './finding.ts'

/** RFC 5737: nobody's, so that only a header that somebody believed can have brought it. */
const FORGED = '198.51.100.77'
const ABOUT = 'CLIENT_ADDRESS_HEADER'

/**
 * Whether a CDN's header with the visitor's address arrives and is believed, and not what a visitor writes into it.
 *
 * @param seen of a request without the header
 * @param isOwnNetwork whether our own address may be one of TRUST_PROXY
 * @param askWith asks again with these headers; null where no answer of this site comes
 */
export async function checkClientHeader(
  seen: Seen,
  { clientAddressHeader: name, trustProxy }: Pick<Config, 'clientAddressHeader' | 'trustProxy'>,
  isOwnNetwork: boolean,
  askWith: (headers: Record<string, string>) => Promise<Seen | null>,
): Promise<Finding[]> {
  if (name === null) return []
  // A CDN may refuse a request that brings its own header.
  const forged = await askWith({ [name]: FORGED })
  if (forged?.address === FORGED) {
    if (isOwnNetwork && trustProxy !== true) {
      return [
        unchecked(ABOUT, 'our own address may be among those of TRUST_PROXY: look from elsewhere'),
      ]
    }
    const found = `${name} is believed though a visitor made it up`
    const remedy =
      'let TRUST_PROXY name the proxy and the CDN alone, and a firewall admit the CDN alone'
    return [fault(ABOUT, found, remedy)]
  }
  if (seen.header === 'missing') {
    const found = `a request to PUBLIC_URL arrives without ${name}`
    return [fault(ABOUT, found, 'give the header that your CDN sets, and let the proxy pass it on')]
  }
  if (seen.header !== 'believed') {
    const found = `${name} arrives and is not believed`
    const remedy =
      "add the CDN's networks to TRUST_PROXY, and let the proxy send the CDN's address in X-Forwarded-For"
    return [fault(ABOUT, found, remedy)]
  }
  return [ok(ABOUT, `${name} is believed, and a forged one is not`)]
}
