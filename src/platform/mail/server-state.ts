import type { Clock } from '../clock.ts'
import { OF_SERVER } from './mail.ts'
import { needsSmtpUtf8 } from './mail-settings.ts'
import type { Failure } from './read-failure.ts'

const SMTPUTF8 = /^SMTPUTF8\b/im

export const wordsOf = ({ words, status }: Failure) => (status ? `${words} (${status})` : words)

/** What this process knows of the mail server, from told mails and from looks at it. */
export function createServerState(clock: Clock) {
  let trouble: Failure | null = null
  let extensions: string | null = null
  /** When the server last accepted a mail, and when it last gave an answer that may have meant us. */
  let accepted = Number.NEGATIVE_INFINITY
  let doubtful = Number.NEGATIVE_INFINITY

  function note(failure: Failure | null): string | null {
    trouble = failure
    return failure && wordsOf(failure)
  }

  return {
    trouble: () => trouble,
    note,
    isAsciiOnly: () => extensions !== null && !SMTPUTF8.test(extensions),
    takes: (address: string) =>
      extensions === null || SMTPUTF8.test(extensions) || !needsSmtpUtf8(address),
    noteExtensions(lines: string | undefined): void {
      extensions = lines ?? extensions
    },
    noteAccepted(): void {
      accepted = clock.now().getTime()
      note(null)
    },
    noteRefused(failure: Failure): void {
      if (OF_SERVER.includes(failure.kind)) note(failure)
      if (failure.isMailbox !== 'no') doubtful = clock.now().getTime()
    },
    /**
     * An answer that may mean the mailbox is believed once the server repeats it and has accepted mails to others in
     * between: a relay that has lost its permission refuses everybody in the same words.
     */
    isBelieved({ isMailbox }: Failure, doubted: number | undefined): boolean {
      if (isMailbox !== 'perhaps') return isMailbox === 'yes'
      return doubted !== undefined && accepted > doubted && accepted > doubtful
    },
    /** Since when a mailbox is in doubt. A time that has not come yet is from before the clock was set back. */
    doubtedSince({ isMailbox }: Failure, doubted: number | undefined): number | undefined {
      const now = clock.now().getTime()
      return isMailbox === 'no' && doubted === undefined ? undefined : Math.min(doubted ?? now, now)
    },
  }
}
