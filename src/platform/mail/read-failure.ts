import { explainAnswer, explainBroken } from './explain-mail-failure.ts'

/**
 * Why the mail server did not accept a mail. The words go into the log, the terminal and, for a holder of
 * METRICS_TOKEN, `/readyz`: they name the setting to change and nothing of the recipient. The server's own words may
 * repeat the address, so they stay out.
 */
export interface Failure {
  kind: FailureKind
  words: string
  /** Reply code and enhanced status code, as far as the server gave them: `550 5.7.1`. */
  status: string
  /**
   * `yes`: the server said of this very mailbox that it takes no mail. `perhaps`: its answer may mean that,
   * and may as well mean us. `no`: it speaks of something else.
   */
  isMailbox: 'yes' | 'perhaps' | 'no'
}

/** Labels of a metric: few, and never renamed. */
export const FAILURE_KINDS = [
  'unreachable',
  'tls',
  'login',
  'greeting',
  'sender',
  'policy',
  'mailbox',
  'quota',
  'content',
  'smtputf8',
  'busy',
  'slow',
  'other',
] as const
export type FailureKind = (typeof FAILURE_KINDS)[number]

export type Explanation = [kind: FailureKind, words: string]

/** As nodemailer throws it. */
export interface SmtpError extends Error {
  code?: string
  /** The system's code, which nodemailer replaces in `code`. */
  originalCode?: string
  command?: string
  response?: string
  responseCode?: number
  timeoutType?: string
  rejectedErrors?: SmtpError[]
}

/**
 * Codes that speak of the mailbox itself, in the registry of RFC 5248: no such mailbox (1), bad syntax (3),
 * ambiguous (4), moved (6), null MX (10, RFC 7505: the domain itself says that it takes none); disabled (2.1).
 *
 * Not among them: 0.0, 1.0 and 2.0 say nothing; 1.7 and 1.8 speak of the sender; 2.2 is a full mailbox, 2.3 the
 * mail's length, 2.4 a list; 3 to 6 are about delivery and the mail. 7 is policy: of it 7.13 means our own
 * account, 7.17 answers a request by RFC 7293 only, 7.20 to 7.27 (RFC 7372) mean our name and signatures.
 */
const OF_MAILBOX = ['1.1', '1.3', '1.4', '1.6', '1.10', '2.1']
/** No such domain, says the relay's resolver; it may be the resolver that is broken. */
const OF_DOMAIN = ['1.2']
/** Without an enhanced code: no such mailbox, not local, name not allowed (RFC 5321, section 4.2.2). */
const BARE_REFUSALS = [550, 551, 553]
/** Reply code, then the enhanced one (RFC 2034, section 4); some servers write "#" before it. */
const ENHANCED = /^\d{3}[ -]#?([245])\.(\d{1,3}\.\d{1,3})\b/m

export function readFailure(thrown: SmtpError): Failure {
  const error = thrown.rejectedErrors?.[0] ?? thrown
  const code = error.responseCode ?? 0
  const [, level, detail = ''] = ENHANCED.exec(error.response ?? '') ?? []
  const status = code ? [code, level && `${level}.${detail}`].filter(Boolean).join(' ') : ''
  const isPermanent = code >= 500 && code < 600 && (level ?? '5') === '5'
  // A mail has one recipient: an answer to its content, too, can speak of nobody else.
  const isOfRecipient = error.command === 'RCPT TO' || (error.command === 'DATA' && detail !== '')
  const isMailbox = isPermanent && isOfRecipient ? judge(code, detail) : 'no'
  if (isMailbox !== 'no') {
    return { kind: 'mailbox', words: 'the mail server refused the mailbox', status, isMailbox }
  }
  const [kind, words] = code
    ? explainAnswer(error, { code, detail, isPermanent })
    : explainBroken(error)
  return { kind, words, status, isMailbox }
}

function judge(code: number, detail: string): Failure['isMailbox'] {
  if (OF_MAILBOX.includes(detail)) return 'yes'
  const isVague = detail === '' ? BARE_REFUSALS.includes(code) : OF_DOMAIN.includes(detail)
  return isVague ? 'perhaps' : 'no'
}

export interface MailLogger {
  warn(fields: object, line: string): void
  info(fields: object, line: string): void
}

/** A mail that the server did not accept; `isFinal` when it is not tried again. */
export interface Noted {
  failure: Failure
  isFinal: boolean
}

/** One line for all of them, which names no recipient. */
export function tellFailures(logger: MailLogger, noted: Noted[]): void {
  const putOff = noted.filter(({ isFinal }) => !isFinal).map(({ failure }) => failure)
  const fields = { mails: noted.length, refused: noted.length - putOff.length }
  if (putOff.length === 0) {
    logger.info(fields, 'mailboxes were refused for good')
    return
  }
  const kinds = countKinds(putOff)
  const most = Math.max(...Object.values(kinds))
  const { words, status } = putOff.findLast(({ kind }) => kinds[kind] === most)!
  const why = { why: words, status: status || undefined }
  logger.warn({ ...fields, putOff: kinds, ...why }, 'mails are put off')
}

function countKinds(failures: Failure[]): Partial<Record<FailureKind, number>> {
  const counts: Partial<Record<FailureKind, number>> = {}
  for (const { kind } of failures) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
