import { isIP } from 'node:net'

/** Whether what is sent to this host, without the brackets of a URL, never leaves the machine. */
export const isLoopback = (host: string) =>
  host === 'localhost' ||
  host.endsWith('.localhost') ||
  host === '::1' ||
  (isIP(host) === 4 && host.startsWith('127.'))

/** Of a URL, without brackets. */
export const hostOf = (url: string) => new URL(url).hostname.replace(/^\[|\]$/g, '')

/**
 * Whether a mail is sent over TLS or not at all: to another machine, unless SMTP_URL says otherwise. Whoever sits on
 * the way can take STARTTLS out of the server's greeting.
 */
export function demandsTls(smtpUrl: string): boolean {
  const { protocol, searchParams } = new URL(smtpUrl)
  if (protocol === 'smtps:') return false
  const isDecided = ['requireTLS', 'ignoreTLS', 'opportunisticTLS'].some((name) =>
    searchParams.has(name),
  )
  return !isDecided && !isLoopback(hostOf(smtpUrl))
}
