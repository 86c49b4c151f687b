/** The path of a link to confirm, in a mail's plain text. */
export const LINK_TO_CONFIRM = /https?:\/\/[^\s/]+(\/[A-Za-z-]+\/confirm\/[A-Za-z0-9_-]+)/

/** RFC 2045, section 6.7; enough for the links, which are ASCII. */
export function plainTextOf(message: string): string {
  return message
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
