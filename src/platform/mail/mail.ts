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
  /** The server did not answer in time; kept in the mail's job for the next `enter`. */
  hung?: boolean
  /** The server was sent the mail and has not said whether it took it: it counts as sent, and is sent again. */
  isUnknown?: boolean
}

/**
 * For a job that finds its recipient's lock taken. Another job is mailing, or was: the locks of a machine that
 * vanished last until the database notices, so a taken lock doesn't mean that a mail was sent. Untold: the
 * other mail may be one that only signers get.
 */
export const HELD_ELSEWHERE: Later = { later: 'another job is mailing', kind: null }

/** A mail's right to be marked as under way and then sent. */
export interface Place {
  /**
   * Sends, and leaves.
   *
   * @param doubted of the outcome before: since when answers to this mail may have meant its mailbox, in
   *   milliseconds since 1970
   */
  send(mail: Mail, doubted?: number): Promise<SendOutcome>
  /** For a mail that is not due after all. Safe to repeat. */
  leave(): void
}

/** The mail server is slow with this recipient's domain, or at its limit: come back after so many milliseconds. */
export interface Wait {
  wait: number
  /** As many went to its domain as may in a minute. */
  isPaced?: boolean
}

export interface Mailer {
  /**
   * Waits until the mail may be marked as under way; others are sent meanwhile, in turn by the recipients' domains.
   *
   * @param hung of the outcome before
   * @throws MailStopping
   */
  enter(to: string, hung?: boolean): Promise<Place | Wait>
  /** Connects and logs in, to find faults before a signer does. @returns the words of `trouble` */
  check(): Promise<string | null>
  /** The mail server's trouble, as far as this process knows; null when there is none. */
  trouble(): { kind: FailureKind; words: string } | null
  /** Whether it is known to take no address with letters beyond ASCII before the "@" (RFC 6531). */
  isAsciiOnly(): boolean
  /** Mails of this process by lane and outcome since its start, without untold ones. */
  outcomes(): ReturnType<typeof createOutcomeCounts>['counts']
  /**
   * Sends nothing more, and ends what is under way within some seconds; for a worker that stops.
   *
   * @returns undoes it
   */
  windDown(): () => void
  close(): void
}

/** The program stops: a job that gets this is tried again, here or on another worker. */
export class MailStopping extends Error {
  constructor() {
    super('the worker stops; another one, or the next, sends the mail')
  }
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
  place: Place,
  mail: Mail,
  doubted: number | undefined,
): Promise<'sent' | 'refused' | Later> {
  const result = await place.send(mail, doubted)
  if (result.outcome === 'later') return result
  return result.outcome === 'accepted' ? 'sent' : 'refused'
}

/** A mail that `enter` sent back: it is tried again after the wait. @param job keeps what was learnt of it before */
export const waitForDomain = (
  { wait, isPaced = false }: Wait,
  { doubted, hung }: Pick<Later, 'doubted' | 'hung'>,
  kind: 'slow' | null,
): Later => ({
  later: isPaced
    ? 'as many mails went to its domain as may in a minute'
    : 'the mail server is slow with its domain',
  // The operator has set it: nothing is wrong.
  kind: isPaced ? null : kind,
  after: wait,
  doubted,
  hung,
})

/** The part of an address by which mails are sent in turn. */
export const domainOf = (address: string) =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase()
