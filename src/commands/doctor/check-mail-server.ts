import { isIP } from 'node:net'
import { pino } from 'pino'
import type { Config } from '../../config.ts'
import type { Clock } from '../../platform/clock.ts'
import { createMailer } from '../../platform/mail/mailer.ts'
import { isPrivate } from './check-proxy.ts'
import { isLoopback } from './check-settings.ts'
import { type Finding, fault, ok, unchecked } from './finding.ts'

/** Host of SMTP_URL; null where mails go to the built-in catcher. */
export const relayOf = ({ smtpUrl }: Pick<Config, 'smtpUrl'>) =>
  smtpUrl ? new URL(smtpUrl).hostname.replace(/^\[|\]$/g, '') : null

/** Connects, greets and logs in as the program would for a mail, and sends none. */
export async function checkMailServer(config: Config, clock: Clock): Promise<Finding[]> {
  const about = 'mail server'
  const { smtpUrl, smtpHelo, mailFrom } = config
  if (!smtpUrl) return [unchecked(about, 'SMTP_URL is not set: mails stay on this machine')]
  const mailer = createMailer({
    url: smtpUrl,
    from: mailFrom,
    helo: smtpHelo,
    clock,
    logger: pino({ level: 'silent' }),
  })
  try {
    const trouble = await mailer.check()
    const encryption = checkEncryption(smtpUrl)
    if (trouble === null) return [ok(about, `${relayOf(config)} takes our login`), encryption]
    const [found, ...remedy] = trouble.split(': ')
    const next = remedy.join(': ') || 'see "Set up mail" in docs/operating.md'
    return [fault(about, found!, next), encryption]
  } finally {
    mailer.close()
  }
}

/** Somebody on the way can strip STARTTLS where it is not demanded, and read every signer's address. */
export function checkEncryption(smtpUrl: string): Finding {
  const about = 'mail encryption'
  const { protocol, hostname, searchParams } = new URL(smtpUrl)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isLoopback(host) || (isIP(host) && isPrivate(host)) || !host.includes('.')) {
    return ok(about, `${host} is on this machine or network`)
  }
  if (searchParams.get('tls.rejectUnauthorized') === 'false') {
    const found = 'any certificate is accepted, so anybody on the way can read the mails'
    const remedy =
      'take tls.rejectUnauthorized out of SMTP_URL; NODE_EXTRA_CA_CERTS adds an authority'
    return fault(about, found, remedy)
  }
  if (protocol === 'smtps:') return ok(about, 'TLS at once')
  const isDemanded = searchParams.get('requireTLS') === 'true'
  if (isDemanded) return ok(about, 'STARTTLS, demanded')
  const found = 'TLS is not demanded, so somebody on the way can read the mails'
  return fault(about, found, 'use smtps://, or add requireTLS=true to SMTP_URL')
}
