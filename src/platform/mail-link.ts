/** In characters. Browsers on Windows, and some mail programs, drop or cut a link of a little more. */
const LONGEST = 2_000

export interface MailLink {
  /** Opens a mail in the reader's own program (RFC 6068). */
  href: string
  /** Whether the text is in it; else it would be too long, and has the recipient and the subject alone. */
  isWhole: boolean
}

/** @param to an address, or nothing where the reader is to choose it */
export const mailLink = (to: string, subject: string, text: string): MailLink =>
  linkWithText(`mailto:${to}?subject=${encodeURIComponent(subject)}`, text)

/** @param link one with recipient and subject; a text that it has already is replaced */
export function linkWithText(link: string, text: string): MailLink {
  const [bare = ''] = link.split('&body=')
  const href = `${bare}&body=${encodeURIComponent(text.replaceAll('\n', '\r\n'))}`
  return href.length <= LONGEST ? { href, isWhole: true } : { href: bare, isWhole: false }
}
