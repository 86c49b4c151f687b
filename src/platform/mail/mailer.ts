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
/** From the DNS look-up to the end of greeting and STARTTLS; some servers delay their greeting on purpose. */
const CONNECT_TIMEOUT_MS = 30_000
/** RFC 5321, section 4.5.3.2.1. The timeout above ends it sooner, so that one setting does for both. */
const GREETING_TIMEOUT_MS = 5 * 60_000
const SOCKET_TIMEOUT_MS = 60_000

export interface Mail {
  to: string
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  /**
   * A stranger can ask for this mail, and it is sent only to signers. So its outcome shows in no log line, no metric
   * and nothing that the mailer knows of the server: else it would tell whether an address has signed.
   */
  isUntold?: boolean
}

/**
 * `accepted` by the mail server. `refused`: the server said for good that this mailbox takes no mail. Otherwise
 * nothing was lost, and the caller tries again.
 */
type SendOutcome = { outcome: 'accepted' | 'refused' } | ({ outcome: 'later' } & Later)

/** Labels of the metric of mails that wait. */
export type WhyLater = FailureKind | 'fault'

/** A mail that was put off. */
export interface Later {
  /** The reason, for the log; names no recipient. */
  later: string
  /** Null where the wait is kept out of metrics and logs, as of a mail that `isUntold`. */
  kind: WhyLater | null
  /** Milliseconds to wait before the next attempt, where known. */
  after?: number
  /** Job key: a newer mail with the same key replaces this one. */
  key?: string
  /** Kept in the mail's job for the next `send`. */
  doubted?: number
}

/**
 * For a job that finds its recipient's lock taken. Another job is mailing, or was: the locks of a machine that
 * vanished last until the database notices, so a taken lock doesn't mean that a mail was sent. Untold: the
 * other mail may be one that only signers get.
 */
export const HELD_ELSEWHERE: Later = { later: 'another job is mailing', kind: null }

export interface Mailer {
  /**
   * @param doubted of the outcome before: since when answers to this mail may have meant its mailbox, in
   *   milliseconds since 1970
   */
  send(mail: Mail, doubted?: number): Promise<SendOutcome>
  /** Connects and logs in, to find faults before a signer does. @returns the words of `trouble` */
  check(): Promise<string | null>
  /** What is wrong with the mail server, as far as this process knows; null when nothing is. */
  trouble(): { kind: FailureKind; words: string } | null
  /** Whether it is known to take no address with letters beyond ASCII before the "@" (RFC 6531). */
  isAsciiOnly(): boolean
  close(): void
}

interface MailerOptions {
  url: string
  from: Sender
  /** The name in EHLO; null: this machine's full name, or [127.0.0.1] where it has none. */
  helo: string | null
  clock: Clock
  logger: MailLogger
}

/** Failures that concern the server and so every mail. */
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
  /** When the server last accepted a mail, and when it last gave an answer that may have meant us. */
  let accepted = Number.NEGATIVE_INFINITY
  let doubtful = Number.NEGATIVE_INFINITY

  function note(failure: Failure | null): string | null {
    trouble = failure
    return failure && inWords(failure)
  }

  /**
   * An answer that may mean the mailbox is believed once the server repeats it and has accepted mails to others in
   * between: a relay that has lost its permission refuses everybody in the same words.
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
        // A login that succeeds doesn't disprove a refusal of the sender or by policy.
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

/** Sends in a job: its outcomes are what the job does next. @param doubted of the job */
export async function sendOrPutOff(
  mailer: Mailer,
  mail: Mail,
  doubted: number | undefined,
): Promise<'sent' | 'refused' | Later> {
  const result = await mailer.send(mail, doubted)
  if (result.outcome === 'later') return result
  return result.outcome === 'accepted' ? 'sent' : 'refused'
}
