import type { createOutcomeCounts, MailLane } from './count-mails.ts'
import type { FailureKind } from './read-failure.ts'

export interface Mail {
  to: string
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  /** Under which its outcome is counted; absent for kinds that are always untold. */
  lane?: MailLane
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
export type SendOutcome = { outcome: 'accepted' | 'refused' } | ({ outcome: 'later' } & Later)

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
  /** The mail server's trouble, as far as this process knows; null when there is none. */
  trouble(): { kind: FailureKind; words: string } | null
  /** Whether it is known to take no address with letters beyond ASCII before the "@" (RFC 6531). */
  isAsciiOnly(): boolean
  /** Mails of this process by lane and outcome since its start, without untold ones. */
  outcomes(): ReturnType<typeof createOutcomeCounts>['counts']
  close(): void
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
