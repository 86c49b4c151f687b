import type { Page } from '../../platform/web/page.ts'
import type { LogWait } from '../view-count.ts'
import type { GrowthPlot } from './plot-growth.ts'

/** GET /:lang/p/:slug/verify : the count, the log, and how to check it. */
export interface VerifyPage extends Page, LogWait {
  /** The bundle of this page alone. */
  extraScript: string
  petition: { title: string; slogan: string; href: string }
  privacyHref: string
  slug: string
  /** The site's origin, for the commands. */
  site: string
  /** The verifier as one file: its name and its SHA-256. */
  verifier: { name: string; sum: string }
  /** Null before the first checkpoint. */
  log: {
    certified: number
    certifiedText: string
    /** 0 when nothing waits. */
    arrived: number
    withdrawn: string
    voided: string
    size: number
    published: string
    /** ISO 8601. */
    datetime: string
    vkey: string
    dns: string
    /** Names of those who cosigned the checkpoint. */
    witnesses: string
    /** What a recomputation downloads, with its unit. */
    download: string
  } | null
  /** When a batch last went out smaller than it should be; null when none did. */
  thin: string | null
  growth: {
    plot: GrowthPlot
    first: string
    last: string
    rows: { day: string; signatures: string; total: string }[]
  } | null
  /** JSON of the strings that the script says. */
  words: string
}
