import { getDomain } from 'tldts'
import { mailDomains } from './mail-domains.ts'

/**
 * Suffixes of the registries alone: to the list's other half anybody may add a domain of theirs. Neither looks for a
 * host within a URL nor checks its letters: parseEmail has.
 */
const OF_REGISTRIES = {
  allowPrivateDomains: false,
  extractHostname: false,
  validateHostname: false,
  detectIp: false,
}

/**
 * Whoever has registered a domain can receive mail at any name below it, so limits on domains count it alone. Large
 * providers give names below theirs to customers, who are counted each.
 *
 * @param domain as in `EmailAddress.exact`: in lower-case ASCII
 * @returns the domain that was registered, by the public suffix list (https://publicsuffix.org); the given one where it
 *   is a large provider's, or a suffix
 */
export function registrableDomain(domain: string): string {
  if (mailDomains.has(domain)) return domain
  const registered = getDomain(domain, OF_REGISTRIES) ?? domain
  if (domain === registered || !mailDomains.has(registered)) return registered
  const customer = domain.slice(0, -registered.length - 1)
  return domain.slice(customer.lastIndexOf('.') + 1)
}
