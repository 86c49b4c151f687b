import type { FastifyInstance } from 'fastify'
import type { Config } from '../../config.ts'
import type { Counts } from '../../count/counts.ts'
import { parseNote } from '../../log/core/note/note.ts'
import type { PublicLog } from '../../log/public-log-cache.ts'
import { verifyPath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import { formatBytes, formatDate, formatNumber } from '../../platform/i18n/format.ts'
import { pluralForms, translator } from '../../platform/i18n/translate.ts'
import { readAssets, sumOfPublicFile, VERIFIER } from '../../platform/web/assets.ts'
import { renderPublic } from '../../platform/web/send-page.ts'
import type { Site } from '../../site.ts'
import { getPetition } from '../get-petition.ts'
import { logWaitOf } from '../log-wait.ts'
import { petitionPagePart } from '../petition-page-part.ts'
import { accumulate, plotGrowth } from './plot-growth.ts'
import type { VerifyPage } from './verify.page.ts'

/** An entry with its length, and its hash in a tile; tiles above add less than a byte. */
const BYTES_AN_ENTRY = 79 + 2 + 32

export function verifyRoutes(app: FastifyInstance, site: Site): void {
  const verifier = { name: VERIFIER, sum: sumOfPublicFile(VERIFIER) }
  app.get<{ Params: { lang: string; slug: string } }>(
    '/:lang/p/:slug/verify',
    async (request, reply) => {
      const { lang, slug } = request.params
      const petition = await getPetition(site.petitions, slug, lang)
      return site.answers.send(reply, `verify ${lang} ${slug}`, async () =>
        renderPublic(reply, 'log/verify.hbs', await viewVerify(site, petition, lang, verifier)),
      )
    },
  )
}

async function viewVerify(
  site: Site,
  petition: Petition,
  language: string,
  verifier: VerifyPage['verifier'],
): Promise<VerifyPage> {
  const { config, publicLog } = site
  const log = await publicLog()
  const days = await site.counts.publicRows(petition, 'day')
  return {
    ...petitionPagePart(site.makePage, petition, {
      language,
      heading: 'verify.heading',
      path: verifyPath(petition.slug),
    }),
    extraScript: readAssets().paths.verify,
    slug: petition.slug,
    site: config.publicUrl,
    verifier,
    log: log && (await viewLog(site, petition, log, language)),
    ...logWaitOf(petition, config),
    thin: viewThin(log?.thinAt(petition.id) ?? null, language),
    growth: viewGrowth(days, language),
    words: JSON.stringify(wordsFor(language)),
  }
}

async function viewLog(
  { config, counts }: { config: Config; counts: Counts },
  petition: Petition,
  log: PublicLog,
  language: string,
): Promise<VerifyPage['log']> {
  const number = (value: number) => formatNumber(value, language)
  const { counted, withdrawn, voided } = await counts.shown(petition.id)
  const certified = log.certified(petition.id)
  const cosigners = parseNote(log.checkpoint).signatures.filter(({ name }) => name !== log.origin)
  return {
    certified,
    certifiedText: number(certified),
    arrived: Math.max(0, counted - certified),
    withdrawn: number(withdrawn),
    voided: number(voided),
    size: log.size,
    published: `${formatDate(log.publishedAt, language)}, ${log.publishedAt.toISOString().slice(11, 16)} UTC`,
    datetime: log.publishedAt.toISOString(),
    vkey: log.vkey,
    dns: `_undersigned-log.${new URL(config.publicUrl).hostname}`,
    witnesses: cosigners.map(({ name }) => name).join(', '),
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
    rows: points.map(({ key, total }, place) => ({
      day: dayOf(key),
      signatures: formatNumber(days[place]!.signatures, language),
      total: formatNumber(total, language),
    })),
  }
}

/** What the script in the reader's browser may have to say. */
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
/** Those whose form a number chooses. */
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
