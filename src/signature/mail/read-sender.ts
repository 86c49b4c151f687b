export interface Sender {
  /** What mail programs show: the name, or the address where there is none. */
  name: string
  /** Null where it is the name already. */
  address: string | null
}

/** @param from MAIL_FROM: `Name <address>`, `"Name" <address>` or an address alone */
export function readSender(from: string): Sender {
  const [, quoted = '', address] = /^(.*)<([^<>]+)>\s*$/.exec(from) ?? []
  const name = quoted.trim().replace(/^"(.*)"$/, '$1')
  if (!address) return { name: from.trim(), address: null }
  return name ? { name, address } : { name: address, address: null }
}
