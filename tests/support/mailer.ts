import type { Mail, Mailer, SendOutcome } from '../../src/platform/mail/mail.ts'
import { createMailer } from '../../src/platform/mail/mailer.ts'
import { createTestClock } from './test-clock.ts'

export const clock = createTestClock()
export const logged: { fields: Record<string, unknown>; line: string }[] = []

const note = (fields: object, line: string) => {
  logged.push({ fields: { ...fields }, line })
}

export function mailerTo(
  url: string,
  {
    helo = null,
    domainPerMinute = null,
    ...tls
  }: {
    helo?: string | null
    domainPerMinute?: number | null
    ca?: string | null
    tlsOnly?: boolean
  } = {},
): Mailer {
  return createMailer({
    url,
    domainPerMinute,
    from: { name: 'Undersigned', address: 'site@example.org' },
    helo,
    ...tls,
    clock,
    logger: { warn: note, info: note },
  })
}

export function mailTo(to: string): Mail {
  return { to, subject: 'A subject', text: 'Text', html: '<p>Text</p>', headers: {} }
}

/** As a job would, that finds nothing against it. */
export async function sendBy(mailer: Mailer, mail: Mail, doubted?: number): Promise<SendOutcome> {
  const place = await mailer.enter(mail.to)
  if ('wait' in place) throw new Error(`it has to wait for ${place.wait} ms`)
  return place.send(mail, doubted)
}
