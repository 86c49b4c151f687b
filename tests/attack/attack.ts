import type { CrowdOptions } from '../faults/load/crowd.ts'
import type { Shape } from '../faults/site/open-site.ts'
import type { Allowance, Stage } from '../faults/trial.ts'
import type { Named } from '../support/named-runs.ts'

/**
 * Something that an opponent does to a site, while people sign, confirm and read. Around it the frame opens the site,
 * sends the people, compares their times with those of a calm while before, and afterwards judges what every trial of
 * `npm run faults` promises: see run-attack.ts.
 */
export interface Attack extends Named {
  site?: Shape
  /** Who comes meanwhile; default: 5 signers and 5 readers a second. */
  crowd?: Partial<CrowdOptions>
  /** What honest people may meet that they must not meet otherwise. */
  allows?: Allowance
  /** Milliseconds until 99 % of honest forms and pages are answered meanwhile; in the suite of tests four times that, and three times what it takes before. */
  bearable: number
  /** Milliseconds within which 99 % of honest forms have their mail; default: 5 s; in the suite of tests four times that. */
  mailedWithin?: number
  /** That the web may grow by; default: 200. */
  megabytes?: number
  /** Goes on until it is over, and looks whether what it runs against held: without that defence it must fail. */
  run(stage: Stage, size: number): Promise<Came>
}

/** What came of an attack, for the table. */
export interface Came {
  /** How much it was in the end. */
  size: string
  attacker: string
}

export const portOf = ({ site }: Stage): number => Number(new URL(site.origin).port)
