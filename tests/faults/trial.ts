import type { Findings } from '../scale/report.ts'
import type { Crowd, CrowdOptions } from './load/crowd.ts'
import type { Shape, Site } from './site/open-site.ts'

/**
 * One thing that goes wrong, as often as its size says, while people sign, confirm and read. Around it the frame
 * opens the site, sends the people, and afterwards judges what every trial promises: see judge/judge.ts.
 */
export interface Trial {
  /** As on the command line: `npm run faults -- NAME`. */
  name: string
  /** What goes wrong, for the table. */
  what: string
  /** How often, in the suite of tests and in the full length. */
  sizes: { short: number; long: number }
  /** The most that is done between two judgements; default: all of it. */
  batch?: number
  site?: Shape
  /** Who comes meanwhile; default: 10 signers and 10 readers a second. */
  crowd?: Partial<CrowdOptions>
  allows?: Allowance
  /** False where nobody comes, and the trial itself judges. */
  judged?: boolean
  run(stage: Stage, size: number): Promise<void>
}

/** What may happen in a trial that must not happen otherwise. */
export interface Allowance {
  /** Requests without an answer, since the process that people ask is killed. */
  noAnswer?: boolean
  /** Forms and confirmations refused with 503, what was typed kept, and a time to come back. */
  refusals?: boolean
  /** Mails to one address at most, where one form was sent; default: 1. */
  mailsEach?: number
  /** Forms that nobody of the crowd sent, and whose mails may wait. */
  othersForms?: boolean
}

export interface Stage extends TrialFindings {
  site: Site
  crowd: Crowd
  /**
   * In the suite of tests, where what lasts is to last no longer than it takes to be noticed, and a bound of time is to
   * fail only for what hangs: other tests run beside.
   */
  isShort: boolean
}

/** How much longer than promised something may take in the suite of tests. */
export const PATIENCE = 4

/** Where a trial says what it found. */
export interface TrialFindings extends Findings {
  /** One run is over; the site took forms again after so many milliseconds, or never: null. */
  ran(recoveredMs?: number | null): void
}
