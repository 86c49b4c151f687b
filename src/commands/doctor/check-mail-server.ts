import { isIP } from 'node:net'
import { pino } from 'pino'
import type { Config } from '../../config.ts'
import type { Clock } from '../../platform/clock.ts'
import { demandsTls, hostOf, isLoopback } from '../../platform/connection-safety.ts'
import { createMailer } from '../../platform/mail/mailer.ts'
import { isPrivate } from './check-proxy.ts'
import { type Finding, fault, ok, unchecked } from './finding.ts'

/** Host of SMTP_URL; null where mails go to the built-in catcher. */
export const relayOf = ({ smtpUrl }: Pick<Config, 'smtpUrl'>) => (smtpUrl ? hostOf(smtpUrl) : null)

/** Connects, greets and logs in as the program would for a mail, and sends none. */
export async function checkMailServer(config: Config, clock: Clock): Promise<Finding[]> {
  const about = 'mail server'
  const { smtpUrl, smtpHelo, smtpCa, mailFrom, production } = config
  if (!smtpUrl) return [unchecked(about, 'SMTP_URL is not set: mails stay on this machine')]
  const mailer = createMailer({
    url: smtpUrl,
    from: mailFrom,
    helo: smtpHelo,
    ca: smtpCa,
    tlsOnly: production,
    clock,
    logger: pino({ level: 'silent' }),
  })
  try {
    const trouble = await mailer.check()
    const encryption = checkEncryption(smtpUrl, config)
    if (trouble === null) return [ok(about, `${relayOf(config)} takes our login`), encryption]
    const [found, ...remedy] = trouble.split(': ')
    const next = remedy.join(': ') || 'see "Set up mail" in docs/operating.md'
    return [fault(about, found!, next), encryption]
  } finally {
    mailer.close()
  }
}

/** Somebody on the way can strip STARTTLS where it is not demanded, and read every signer's address. */
export function checkEncryption(
  smtpUrl: string,
  { production }: Pick<Config, 'production'>,
): Finding {
  const about = 'mail encryption'
  const { protocol, searchParams } = new URL(smtpUrl)
  const host = hostOf(smtpUrl)
  if (isLoopback(host) || (isIP(host) && isPrivate(host)) || !host.includes('.')) {
    return ok(about, `${host} is on this machine or network`)
  }
  if (searchParams.get('tls.rejectUnauthorized') === 'false') {
    const found = 'any certificate is accepted, so anybody on the way can read the mails'
    const remedy =
      "take tls.rejectUnauthorized out of SMTP_URL; SMTP_CA names the server's own authority"
    return fault(about, found, remedy)
  }
  if (protocol === 'smtps:') return ok(about, 'TLS at once')
  const isDemanded =
    searchParams.get('requireTLS') === 'true' || (production && demandsTls(smtpUrl))
  if (isDemanded) return ok(about, 'STARTTLS, demanded')
  const found = 'TLS is not demanded, so somebody on the way can read the mails'
  return fault(about, found, 'use smtps://, or requireTLS=true in SMTP_URL')
}
