export type Encoding = 'br' | 'gzip' | 'identity'

/** As many ways to say what a browser understands as there may be; a made-up one is read each time. */
const MAX_REMEMBERED = 200
const remembered = new Map<string, Encoding>()

/** The smallest encoding that the reader understands: RFC 9110, section 12.5.3, but for its preferences. */
export function chooseEncoding(header: string | undefined): Encoding {
  if (!header) return 'identity'
  const known = remembered.get(header)
  if (known) return known
  const chosen = accepts(header, 'br') ? 'br' : accepts(header, 'gzip') ? 'gzip' : 'identity'
  if (remembered.size < MAX_REMEMBERED) remembered.set(header, chosen)
  return chosen
}

function accepts(header: string, encoding: Encoding): boolean {
  const match = new RegExp(`(?:^|,)\\s*${encoding}\\s*(?:;\\s*q=([\\d.]+))?\\s*(?:,|$)`, 'i').exec(
    header,
  )
  return match !== null && Number(match[1] ?? 1) > 0
}

/** Whether If-None-Match names the tag: RFC 9110, section 13.1.2; a proxy that compresses marks it weak. */
export function isKnownTag(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false
}
