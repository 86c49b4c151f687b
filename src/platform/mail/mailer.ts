import nodemailer from 'nodemailer'

const MAX_CONNECTIONS = 5
const MAX_MESSAGES_A_CONNECTION = 200
const CONNECT_TIMEOUT_MS = 10_000
const SOCKET_TIMEOUT_MS = 60_000

export interface Mail {
  to: string
  subject: string
  text: string
  html: string
  headers: Record<string, string>
}

/**
 * `accepted`: the mail server took it over. `refused`: it said for good that this address takes no
 * mail. `later`: anything else; nothing was lost, the caller tries again.
 */
export type MailOutcome = { outcome: 'accepted' | 'refused' } | { outcome: 'later'; why: string }

/**
 * Why a job tries later that finds its recipient's lock taken: another is mailing, or was. The locks of a
 * machine that vanished last until the database has noticed, and whoever took that for "mailed" would
 * leave somebody without a mail.
 */
export const HELD_ELSEWHERE = 'another job is mailing'

/** A mail that was put off. */
export interface Later {
  /** Why, for the log: nothing of the recipient. */
  later: string
  /** Milliseconds after which it is worth trying again, where that is known. */
  after?: number
  /** Of all that wait under it only the newest is kept. */
  key?: string
}

export interface Mailer {
  send(mail: Mail): Promise<MailOutcome>
  close(): void
}

/** @param from sender as a mail header has it: `Name <address>` */
export function createMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    maxMessages: MAX_MESSAGES_A_CONNECTION,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    // A template must never make the server read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof nodemailer.createTransport>[0])
  return {
    async send({ to, ...mail }) {
      try {
        // As an object: a header can't be injected through the address.
        await transport.sendMail({ ...mail, from, to: { name: '', address: to } })
        return { outcome: 'accepted' }
      } catch (error) {
        return readFailure(error as SmtpError)
      }
    },
    close: () => transport.close(),
  }
}

/** A mail's outcome in a job's words. */
export async function sendOrPutOff(
  mailer: Mailer,
  mail: Mail,
): Promise<'sent' | 'refused' | Later> {
  const result = await mailer.send(mail)
  if (result.outcome === 'later') return { later: result.why }
  return result.outcome === 'accepted' ? 'sent' : 'refused'
}

interface SmtpError extends Error {
  code?: string
  command?: string
  responseCode?: number
  rejectedErrors?: SmtpError[]
}

/**
 * Only a 5xx answer to RCPT TO speaks of the address. A 5xx to the login, to MAIL FROM or to the
 * content speaks of us or of our set-up, which someone will mend (RFC 5321, section 4.2.1).
 */
function readFailure(error: SmtpError): MailOutcome {
  const refusal = error.rejectedErrors?.[0] ?? error
  const code = refusal.responseCode ?? 0
  if (refusal.command === 'RCPT TO' && code >= 500 && code < 600) return { outcome: 'refused' }
  // The server's own words may repeat the address; they stay out of jobs and logs.
  return {
    outcome: 'later',
    why: [error.code, error.command, code || null].filter(Boolean).join(' '),
  }
}
