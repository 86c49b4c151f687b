import nodemailer from 'nodemailer'
import type SMTPPool from 'nodemailer/lib/smtp-pool'
import type { Clock } from '../clock.ts'
import { paceLines } from '../logger.ts'
import { createOutcomeCounts } from './count-mails.ts'
import { type Mailer, OF_SERVER, type SendOutcome } from './mail.ts'
import { needsSmtpUtf8, type Sender } from './mail-settings.ts'
import {
  type Failure,
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

interface MailerOptions {
  url: string
  from: Sender
  /** The name in EHLO; null: this machine's full name, or [127.0.0.1] where it has none. */
  helo: string | null
  clock: Clock
  logger: MailLogger
}

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
  const outcomes = createOutcomeCounts()
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
    async send({ to, isUntold = false, lane, ...mail }, doubted) {
      const told = { lane, isUntold }
      if (extensions !== null && !isTakenBy(extensions, to)) {
        if (!isUntold) lines.note({ failure: NO_SMTPUTF8, isFinal: false })
        return later(NO_SMTPUTF8, isUntold, undefined)
      }
      try {
        // As objects: a header can't be injected through an address.
        const info = await transport.sendMail({ ...mail, from, to: { name: '', address: to } })
        if (!isUntold) noteAccepted((info as { ehlo?: string[] }).ehlo)
        outcomes.note(told, 'accepted')
        return { outcome: 'accepted' }
      } catch (error) {
        const failure = readFailure(error as SmtpError)
        const isFinal = isBelieved(failure, doubted)
        if (!isUntold) noteRefused(failure, isFinal)
        outcomes.note(told, isFinal ? 'refused' : 'put off')
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
    outcomes: () => outcomes.counts,
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
