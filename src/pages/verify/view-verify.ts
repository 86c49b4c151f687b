import type { Config } from '../../config.ts'
import type { Counts } from '../../count/counts.ts'
import type { Imports } from '../../imported/imports.ts'
import { parseNote } from '../../log/core/note/note.ts'
import type { PublicLog, PublishedLog } from '../../log/public-log.ts'
import type { Papers } from '../../paper/papers.ts'
import { verifyPath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import { commaOf } from '../../platform/i18n/direction.ts'
import { fitDigits } from '../../platform/i18n/fit-value.ts'
import { formatBytes, formatDate, formatNumber } from '../../platform/i18n/format.ts'
import { pluralForms, translator } from '../../platform/i18n/translate.ts'
import { readAssets } from '../../platform/web/assets.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import type { Scrutiny } from '../../scrutiny/scrutiny.ts'
import { petitionPagePart } from '../petition-page-part.ts'
import { type LogWait, logWaitOf } from '../view-count.ts'
import { accumulate, type GrowthPlot, plotGrowth } from './plot-growth.ts'

/** GET /:lang/p/:slug/verify : the count, the log, and how to check it. */
interface VerifyPage extends Page, LogWait {
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
    /** On paper, which nobody but the organisers has counted; null when there is none. */
    paper: string | null
    /** From other sites; null when there is none. */
    imported: string | null
    /** Forms received, signatures in quarantine and turned away; null before the first hour. */
    scrutiny: { received: string; quarantined: string; turnedAway: string } | null
    size: number
    published: string
    /** ISO 8601. */
    datetime: string
    vkey: string
    dns: string
    /** Names of the witnesses that cosigned the checkpoint. */
    witnesses: string
    /** The size of a recomputation's download, with its unit. */
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

export interface ViewVerifyNeeds {
  config: Pick<Config, 'publicUrl' | 'logInterval' | 'logMinBatch'>
  counts: Counts
  publicLog: PublicLog
  scrutiny: Pick<Scrutiny, 'totals'>
  papers: Pick<Papers, 'total'>
  imports: Pick<Imports, 'total'>
  makePage: MakePage
}

/** An entry with its length, and its hash in a tile; tiles above add less than a byte. */
const BYTES_AN_ENTRY = 79 + 2 + 32

export async function viewVerify(
  needs: ViewVerifyNeeds,
  petition: Petition,
  language: string,
  verifier: VerifyPage['verifier'],
): Promise<VerifyPage> {
  const { config, counts, publicLog, makePage } = needs
  const log = await publicLog.published()
  const days = await counts.publicRows(petition, 'day')
  return {
    ...petitionPagePart(makePage, petition, {
      language,
      heading: 'verify.heading',
      path: verifyPath(petition.slug),
    }),
    extraScript: readAssets().paths.verify,
    slug: petition.slug,
    site: config.publicUrl,
    verifier,
    log: log && (await viewLog(needs, petition, log, language)),
    ...logWaitOf(petition, config),
    thin: viewThin(log?.thinAt(petition.id) ?? null, language),
    growth: viewGrowth(days, language),
    words: JSON.stringify(wordsFor(language)),
  }
}

async function viewLog(
  { config, counts, scrutiny, papers, imports }: ViewVerifyNeeds,
  petition: Petition,
  log: PublishedLog,
  language: string,
): Promise<VerifyPage['log']> {
  const number = (value: number) => formatNumber(value, language)
  const { counted, withdrawn, voided } = await counts.shown(petition.id)
  const { received, quarantined, turnedAway } = await scrutiny.totals(petition)
  const paper = await papers.total(petition)
  const imported = await imports.total(petition)
  const certified = log.certified(petition.id)
  const cosigners = parseNote(log.checkpoint).signatures.filter(({ name }) => name !== log.origin)
  return {
    certified,
    certifiedText: number(certified),
    arrived: Math.max(0, counted - certified),
    withdrawn: number(withdrawn),
    voided: number(voided),
    paper: paper === 0 ? null : number(paper),
    imported: imported === 0 ? null : number(imported),
    scrutiny:
      received === 0
        ? null
        : {
            received: number(received),
            quarantined: number(quarantined),
            turnedAway: number(turnedAway),
          },
    size: log.size,
    published: `${formatDate(log.publishedAt, language)}${commaOf(language)}${fitDigits(log.publishedAt.toISOString().slice(11, 16), language)} UTC`,
    datetime: log.publishedAt.toISOString(),
    vkey: log.vkey,
    dns: `_undersigned-log.${new URL(config.publicUrl).hostname}`,
    witnesses: cosigners.map(({ name }) => name).join(commaOf(language)),
    download: formatBytes(log.size * BYTES_AN_ENTRY, language),
  }
}

function viewThin(thinAt: Date | null, language: string): string | null {
  return thinAt && formatDate(thinAt, language)
}

function viewGrowth(
  days: { key: string; signatures: number }[],
  language: string,
): VerifyPage['growth'] {
  const points = accumulate(days)
  const plot = plotGrowth(points)
  if (!plot) return null
  const dayOf = (key: string) => formatDate(new Date(key), language)
  return {
    plot,
    first: dayOf(points[0]!.key),
    last: dayOf(points.at(-1)!.key),
    rows: points.map(({ key, total }, index) => ({
      day: dayOf(key),
      signatures: formatNumber(days[index]!.signatures, language),
      total: formatNumber(total, language),
    })),
  }
}

/** Strings for the script in the reader's browser. */
const WORDS = [
  'working',
  'same',
  'other',
  'later',
  'sound',
  'stopped',
  'network',
  'badCheckpoint',
  'missing',
  'changed',
  'receiptTakenOut',
  'receiptOther',
  'receiptMalformed',
  'receiptKey',
  'receiptNotIn',
  'receiptEmpty',
] as const
/** Strings with plural forms. */
const COUNTED = ['signatures', 'entries', 'receiptGood'] as const

function wordsFor(language: string): Record<string, string | Record<string, string>> {
  const t = translator(language)
  // Numbers and names come in the browser: they stand in braces until then.
  const values = {
    signatures: '{signatures}',
    entries: '{entries}',
    path: '{path}',
  }
  return Object.fromEntries([
    ...WORDS.map((word) => [word, t(`verify.words.${word}`, values)]),
    ...COUNTED.map((word) => [word, pluralForms(language, `verify.words.${word}`)]),
  ])
}
