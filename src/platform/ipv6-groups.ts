const DOTTED_END = /:(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

/**
 * The eight groups of an IPv6 address, each in small hexadecimal letters without leading zeros.
 *
 * @param address in any spelling of RFC 4291, section 2.2, without a zone
 */
export function ipv6Groups(address: string): string[] {
  const plain = address.replace(
    DOTTED_END,
    (_, ...bytes: string[]) => `:${join(bytes[0]!, bytes[1]!)}:${join(bytes[2]!, bytes[3]!)}`,
  )
  const [head = '', tail = ''] = plain.split('::')
  const [first, last] = [head, tail].map((half) => (half === '' ? [] : half.split(':')))
  const missing = Array<string>(8 - first!.length - last!.length).fill('0')
  return [...first!, ...missing, ...last!].map((group) => Number.parseInt(group, 16).toString(16))
}

const join = (high: string, low: string) => (Number(high) * 256 + Number(low)).toString(16)
