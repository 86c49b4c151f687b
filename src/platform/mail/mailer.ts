import nodemailer from 'nodemailer'
import type SMTPPool from 'nodemailer/lib/smtp-pool'
import { type Clock, MINUTE, SECOND } from '../clock.ts'
import { demandsTls } from '../connection-safety.ts'
import { paceLines } from '../logger.ts'
import { createOutcomeCounts } from './count-mails.ts'
import { createDialogue, watchDialogues } from './dialogue.ts'
import { createDomains } from './domains.ts'
import { createLanes } from './lanes.ts'
import { domainOf, type Mail, type Mailer, type SendOutcome } from './mail.ts'
import type { Sender } from './mail-settings.ts'
import { createPacing } from './pacing.ts'
import {
  type Failure,
  type MailLogger,
  type Noted,
  readFailure,
  type SmtpError,
  tellFailures,
} from './read-failure.ts'
import { createServerState, wordsOf } from './server-state.ts'
import { greetServer } from './watch-server.ts'

const MAX_CONNECTIONS = 5
const MAX_MESSAGES_A_CONNECTION = 200
/** From the DNS look-up to the end of greeting and STARTTLS: as long as RFC 5321 gives the greeting, 4.5.3.2.1. */
const CONNECT_TIMEOUT_MS = 5 * MINUTE
const GREETING_TIMEOUT_MS = 5 * MINUTE
/** Of an answer, the one to the content included (RFC 5321, section 4.5.3.2.6); a hurry ends it sooner. */
const SOCKET_TIMEOUT_MS = 10 * MINUTE
/** A worker that stops waits so long for the answers to mails under way. */
const GRACE_MS = 4 * SECOND

interface MailerOptions {
  url: string
  from: Sender
  /** The name in EHLO; null: this machine's full name, or [127.0.0.1] where it has none. */
  helo: string | null
  /** At most so many mails to one recipient's domain; null: no limit. */
  domainPerMinute?: number | null
  /** Certificates in PEM that alone are trusted, instead of the public authorities; null: these. */
  ca?: string | null
  /** No mail to another machine without TLS, unless `url` decides otherwise. */
  tlsOnly?: boolean
  clock: Clock
  logger: MailLogger
}

export function createMailer({
  url,
  from,
  helo,
  domainPerMinute = null,
  ca = null,
  tlsOnly = false,
  clock,
  logger,
}: MailerOptions): Mailer {
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    ...(helo && { name: helo }),
    ...(ca && { tls: { ca } }),
    ...(tlsOnly && demandsTls(url) && { requireTLS: true }),
    customAuth: { 'CRAM-MD5': refuseMd5 },
    maxConnections: MAX_CONNECTIONS,
    maxMessages: MAX_MESSAGES_A_CONNECTION,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: GREETING_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    // A connection that is cut is gone before the next one opens: relays limit their number.
    socketCloseTimeout: 0,
    // A template must never make the server read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  } as SMTPPool.Options)
  const { options } = transport.transporter as unknown as SMTPPool
  watchDialogues(transport)
  const lines = paceLines((noted: Noted[]) => tellFailures(logger, noted))
  const outcomes = createOutcomeCounts()
  const server = createServerState(clock)
  const now = () => performance.now()
  const domains = createDomains(now)
  const pauseOf = createPacing(domainPerMinute, now)
  const lanes = createLanes(Number(options.maxConnections), domains)
  /** When the server last accepted a told mail, on the clock that nobody sets. */
  let acceptedAt = Number.NEGATIVE_INFINITY
  let stopping: NodeJS.Timeout | null = null

  async function send(
    take: (dialogue: ReturnType<typeof createDialogue>) => Promise<boolean>,
    { to, isUntold = false, lane, ...mail }: Mail,
    doubted: number | undefined,
  ): Promise<SendOutcome> {
    const told = { lane, isUntold }
    if (!server.takes(to)) {
      if (!isUntold) lines.note({ failure: NO_SMTPUTF8, isFinal: false })
      return later(NO_SMTPUTF8, { isUntold })
    }
    const dialogue = createDialogue(now)
    if (!(await take(dialogue))) return { ...later(STOPPED, { isUntold: true }), after: 0 }
    try {
      // As objects: a header can't be injected through an address.
      const recipient = { name: '', address: to }
      const info = await transport.sendMail({ ...mail, ...dialogue.options, from, to: recipient })
      if (!isUntold) noteAccepted((info as { ehlo?: string[] }).ehlo)
      if (!isUntold) domains.note(domainOf(to), dialogue.isLong() ? 'hung' : 'quick')
      outcomes.note(told, 'accepted')
      return { outcome: 'accepted' }
    } catch (thrown) {
      const error = thrown as SmtpError
      const answered = (error.rejectedErrors?.[0] ?? error).responseCode !== undefined
      const isUnknown = !answered && dialogue.stage() === 'content'
      const hung = dialogue.stage() !== 'connecting' && (dialogue.wasCut() || isTimeout(error))
      if (stopping && dialogue.wasCut()) {
        return { ...later(STOPPED, { isUntold: true, isUnknown }), ...(!isUnknown && { after: 0 }) }
      }
      const failure = hung ? hangs(error, dialogue.begun()) : readFailure(error)
      const isFinal = server.isBelieved(failure, doubted)
      if (!isUntold) {
        lines.note({ failure, isFinal })
        if (!isFinal) server.noteRefused(failure)
        if (dialogue.stage() !== 'connecting') domains.note(domainOf(to), hung ? 'hung' : 'quick')
      }
      outcomes.note(told, isFinal ? 'refused' : isUnknown ? 'perhaps accepted' : 'put off')
      if (isFinal) return { outcome: 'refused' }
      const since = server.doubtedSince(failure, doubted)
      return later(failure, { isUntold, isUnknown, hung, doubted: since })
    } finally {
      lanes.slots.give(dialogue)
    }
  }

  function noteAccepted(ehlo: string[] | undefined): void {
    server.noteExtensions(ehlo?.join('\n'))
    server.noteAccepted()
    acceptedAt = now()
  }

  /** It is the recipient's server that is slow where others' mails were taken meanwhile. */
  const hangs = (error: SmtpError, begun: number): Failure =>
    acceptedAt > begun ? SLOW : readFailure(Object.assign(error, SOCKET_TIMEOUT))

  return {
    async enter(to, hung = false) {
      const pause = pauseOf(domainOf(to))
      if (pause > 0) return { wait: pause, isPaced: true }
      const turn = await lanes.enter(domainOf(to), hung)
      if ('wait' in turn) return turn
      return {
        leave: turn.leave,
        send: (mail, doubted) => send(turn.take, mail, doubted).finally(turn.leave),
      }
    },
    async check() {
      try {
        server.noteExtensions(await greetServer(options))
        const trouble = server.trouble()
        // A login that succeeds doesn't disprove a refusal of the sender or by policy.
        if (trouble?.kind === 'policy' || trouble?.kind === 'sender') return wordsOf(trouble)
        return server.note(null)
      } catch (error) {
        return server.note(readFailure(error as SmtpError))
      }
    },
    trouble() {
      const trouble = server.trouble()
      return trouble && { kind: trouble.kind, words: wordsOf(trouble) }
    },
    isAsciiOnly: server.isAsciiOnly,
    outcomes: () => outcomes.counts,
    windDown() {
      lanes.stop()
      stopping = setTimeout(lanes.slots.cutAll, GRACE_MS).unref()
      return () => {
        if (stopping) clearTimeout(stopping)
        stopping = null
        lanes.resume()
      }
    },
    close() {
      lines.close()
      transport.close()
    },
  }
}

/** Nodemailer takes this login where a server offers no other: its hash is broken. */
const refuseMd5 = ({ reject }: { reject(error: Error): void }) =>
  reject(new Error('CRAM-MD5 is the only login'))

const isTimeout = ({ timeoutType }: SmtpError) => timeoutType === 'SOCKET_TIMEOUT'
const SOCKET_TIMEOUT = { code: 'ETIMEDOUT', timeoutType: 'SOCKET_TIMEOUT' }

type LaterOutcome = Extract<SendOutcome, { outcome: 'later' }>

const later = (
  failure: Failure,
  {
    isUntold,
    ...rest
  }: Pick<LaterOutcome, 'doubted' | 'hung' | 'isUnknown'> & { isUntold: boolean },
): LaterOutcome => ({
  outcome: 'later',
  later: wordsOf(failure),
  kind: isUntold ? null : failure.kind,
  ...rest,
})

const NO_SMTPUTF8: Failure = {
  kind: 'smtputf8',
  words: 'the mail server takes no address with letters beyond ASCII (SMTPUTF8)',
  status: '',
  isMailbox: 'no',
}
const SLOW: Failure = {
  kind: 'slow',
  words: 'the mail server does not answer about some recipients; others are not held up',
  status: '',
  isMailbox: 'no',
}
const STOPPED: Failure = { kind: 'other', words: 'the worker stops', status: '', isMailbox: 'no' }
