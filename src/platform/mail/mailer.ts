import nodemailer from 'nodemailer'
import type SMTPPool from 'nodemailer/lib/smtp-pool'
import type { Clock } from '../clock.ts'
import { paceLines } from '../logger.ts'
import { needsSmtpUtf8, type Sender } from './mail-settings.ts'
import {
  type Failure,
  type FailureKind,
  type MailLogger,
  type Noted,
  readFailure,
  type SmtpError,
  tellFailures,
} from './read-failure.ts'
import { greetServer } from './watch-server.ts'

const MAX_CONNECTIONS = 5
const MAX_MESSAGES_A_CONNECTION = 200
/** From the look-up of the name to the end of the greeting and of STARTTLS; some servers greet late on purpose. */
const CONNECT_TIMEOUT_MS = 30_000
/** RFC 5321, section 4.5.3.2.1; what bounds it is the time above, so that one setting does for both. */
const GREETING_TIMEOUT_MS = 5 * 60_000
const SOCKET_TIMEOUT_MS = 60_000

export interface Mail {
  to: string
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  /**
   * Whether it is sent depends on who has signed, and a stranger can ask for it. So its outcome shows in no log line, no
   * metric and nothing that the mailer knows of the server: else that would answer whether an address has signed.
   */
  isUntold?: boolean
}

/**
 * `accepted`: the mail server took it over. `refused`: it said for good that this mailbox takes no mail.
 * Otherwise nothing was lost, and the caller tries again.
 */
export type SendOutcome = { outcome: 'accepted' | 'refused' } | ({ outcome: 'later' } & Later)

/** Labels of the metric of mails that wait. */
export type WhyLater = FailureKind | 'fault'

/** A mail that was put off. */
export interface Later {
  /** Why, for the log: nothing of the recipient. */
  later: string
  /** Null: nobody is told that it waits, as of a mail that `isUntold`. */
  kind: WhyLater | null
  /** Milliseconds after which it is worth trying again, where that is known. */
  after?: number
  /** Of all that wait under it only the newest is kept. */
  key?: string
  /** Goes with the mail's job: see `send`. */
  doubted?: number
}

/**
 * Why a job tries later that finds its recipient's lock taken: another is mailing, or was. The locks of a
 * machine that vanished last until the database has noticed, and whoever took that for "mailed" would
 * leave somebody without a mail. Untold: the other may be one that only signers get.
 */
export const HELD_ELSEWHERE: Later = { later: 'another job is mailing', kind: null }

export interface Mailer {
  /**
   * @param doubted since when answers to this very mail may have meant its mailbox, in milliseconds since
   *   1970: what the outcome of the attempt before said
   */
  send(mail: Mail, doubted?: number): Promise<SendOutcome>
  /** Connects and logs in, to find what is wrong before a signer does. @returns the words of `trouble` */
  check(): Promise<string | null>
  /** What is wrong with the mail server, as far as this process knows; null: nothing. */
  trouble(): { kind: FailureKind; words: string } | null
  /** Whether it is known to take no address with letters beyond ASCII before the "@" (RFC 6531). */
  isAsciiOnly(): boolean
  close(): void
}

export interface MailerOptions {
  url: string
  from: Sender
  /** What EHLO says; null: this machine's full name, or [127.0.0.1] where it has none. */
  helo: string | null
  clock: Clock
  logger: MailLogger
}

/** Failures that are of the server, not of one mail. */
export const OF_SERVER: readonly FailureKind[] = [
  'unreachable',
  'tls',
  'login',
  'greeting',
  'sender',
  'policy',
]

export function createMailer({ url, from, helo, clock, logger }: MailerOptions): Mailer {
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    ...(helo && { name: helo }),
    maxConnections: MAX_CONNECTIONS,
    maxMessages: MAX_MESSAGES_A_CONNECTION,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: GREETING_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    // A template must never make the server read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  } as SMTPPool.Options)
  const lines = paceLines((noted: Noted[]) => tellFailures(logger, noted))
  let trouble: Failure | null = null
  let extensions: string | null = null
  /** When the server last took a mail, and when it last gave an answer that may have meant us. */
  let accepted = Number.NEGATIVE_INFINITY
  let doubtful = Number.NEGATIVE_INFINITY

  function note(failure: Failure | null): string | null {
    trouble = failure
    return failure && inWords(failure)
  }

  /**
   * An answer that may mean the mailbox is believed once the server, asked again, says the same and has taken
   * mails of others since: a relay that has lost its permission refuses everybody in these very words.
   */
  function isBelieved({ isMailbox }: Failure, doubted: number | undefined): boolean {
    if (isMailbox !== 'perhaps') return isMailbox === 'yes'
    return doubted !== undefined && accepted > doubted && accepted > doubtful
  }

  return {
    async send({ to, isUntold = false, ...mail }, doubted) {
      if (extensions !== null && !isTakenBy(extensions, to)) {
        if (!isUntold) lines.note({ failure: NO_SMTPUTF8, isFinal: false })
        return later(NO_SMTPUTF8, isUntold, undefined)
      }
      try {
        // As objects: a header can't be injected through an address.
        const info = await transport.sendMail({ ...mail, from, to: { name: '', address: to } })
        if (!isUntold) noteAccepted((info as { ehlo?: string[] }).ehlo)
        return { outcome: 'accepted' }
      } catch (error) {
        const failure = readFailure(error as SmtpError)
        const isFinal = isBelieved(failure, doubted)
        if (!isUntold) noteRefused(failure, isFinal)
        if (isFinal) return { outcome: 'refused' }
        const since = failure.isMailbox === 'no' ? doubted : (doubted ?? clock.now().getTime())
        return later(failure, isUntold, since)
      }
    },
    async check() {
      try {
        extensions = await greetServer((transport.transporter as unknown as SMTPPool).options)
        // That a login succeeds takes back nothing that was said to a mail.
        if (trouble?.kind === 'policy' || trouble?.kind === 'sender') return inWords(trouble)
        return note(null)
      } catch (error) {
        return note(readFailure(error as SmtpError))
      }
    },
    trouble: () => trouble && { kind: trouble.kind, words: inWords(trouble) },
    isAsciiOnly: () => extensions !== null && !SMTPUTF8.test(extensions),
    close() {
      lines.close()
      transport.close()
    },
  }

  function noteAccepted(ehlo: string[] | undefined): void {
    accepted = clock.now().getTime()
    extensions = ehlo?.join('\n') ?? extensions
    note(null)
  }

  function noteRefused(failure: Failure, isFinal: boolean): void {
    lines.note({ failure, isFinal })
    if (isFinal) return
    if (OF_SERVER.includes(failure.kind)) note(failure)
    if (failure.isMailbox !== 'no') doubtful = clock.now().getTime()
  }
}

const later = (failure: Failure, isUntold: boolean, doubted: number | undefined): SendOutcome => ({
  outcome: 'later',
  later: inWords(failure),
  kind: isUntold ? null : failure.kind,
  doubted,
})

const SMTPUTF8 = /^SMTPUTF8\b/im
const NO_SMTPUTF8: Failure = {
  kind: 'smtputf8',
  words: 'the mail server takes no address with letters beyond ASCII (SMTPUTF8)',
  status: '',
  isMailbox: 'no',
}

const isTakenBy = (extensions: string, address: string) =>
  SMTPUTF8.test(extensions) || !needsSmtpUtf8(address)

const inWords = ({ words, status }: Failure) => (status ? `${words} (${status})` : words)

/** A mail's outcome in a job's words. @param doubted of the job */
export async function sendOrPutOff(
  mailer: Mailer,
  mail: Mail,
  doubted: number | undefined,
): Promise<'sent' | 'refused' | Later> {
  const result = await mailer.send(mail, doubted)
  if (result.outcome === 'later') return result
  return result.outcome === 'accepted' ? 'sent' : 'refused'
}
