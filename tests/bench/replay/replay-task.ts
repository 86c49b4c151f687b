import type { Times } from './load/histogram.ts'

/** What the process that plays the crowd is told. */
export interface ReplayTask {
  port: number
  /** Where the mail server tells of its letters. */
  lettersPort: number
  /** The window of the curve. */
  fromHour: number
  hours: number
  /** How many times faster than it was. */
  compress: number
  /** Of the signers: 1 for all. */
  share: number
  viewers: number
}

export interface Progress {
  kind: 'progress'
  /** Of the curve. */
  hour: number
  /** Signers whose form was due, who have the answer, who have the mail, who have confirmed. */
  sent: number
  acknowledged: number
  mailed: number
  confirmed: number
  /** Due and not answered yet. */
  unanswered: number
  polls: number
  errors: number
  over: boolean
}

export interface SignersProgress {
  sent: number
  acknowledged: number
  /** Of these, who sent the form again. */
  twice: number
  mailed: number
  confirmed: number
  /** Mails beyond one for each signer. */
  doubledMails: number
  mailsWithoutLink: number
  /** See Letter's clock. */
  lastConfirmedAt: number
}

export interface Played extends SignersProgress {
  kind: 'played'
  /** Seconds from the beginning to the last form, and until the last mail was confirmed. */
  curveSeconds: number
  seconds: number
  /** What was not answered as it should, by request and status. */
  errors: Record<string, number>
  latencies: Record<string, Times>
  mailDelay: Times
  countLag: Times
  polls: number
  unchanged: number
  /** By signer: what was acknowledged, as bits of `Did`. */
  did: Uint8Array
}

/** What is known of a signer. */
export const Did = { sign: 1, getMail: 2, confirm: 4 } as const
