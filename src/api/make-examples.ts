import type { Cards } from '../card/cards.ts'
import type { Config } from '../config.ts'
import type { Counts } from '../count/counts.ts'
import { toCsv } from '../count/write-counts.ts'
import { TILE_WIDTH } from '../log/core/tree/tile.ts'
import { bundlePath } from '../log/core/tree/tile-path.ts'
import type { PublicLog } from '../log/public-log.ts'
import { viewOembed } from '../pages/embed/view-oembed.ts'
import { writeFeed } from '../pages/updates/write-feed.ts'
import { petitionPath } from '../petition/paths.ts'
import { currentText, type Petition, recipientsOf } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { qrSvg } from '../platform/qr.ts'
import { sharedAt } from '../sharing/shared-at.ts'
import type { Targets } from '../target/targets.ts'
import type { Updates } from '../update/updates.ts'
import { describeEntry, describeLinked, describePage } from './osdi.routes.ts'
import { MAX_PAGE_SIZE } from './osdi.schemas.ts'
import { type DescribeNeeds, describePetition } from './petitions.routes.ts'
import { describeTargets } from './targets.routes.ts'

export interface ExampleNeeds extends DescribeNeeds {
  config: Config
  petitions: Petitions
  counts: Counts
  cards: Pick<Cards, 'version' | 'badge'>
  updates: Pick<Updates, 'of'>
  publicLog: Pick<PublicLog, 'published'>
  targets: Pick<Targets, 'of'>
}

/** How an operation is asked, and what it answers. */
export interface Example {
  query: Readonly<Record<string, string | number>>
  /** JSON, or a text as it is sent; null for a binary answer. */
  value: unknown
}

export interface Examples {
  /** What stands in braces in the paths. */
  names: ReadonlyMap<string, string | number>
  /** By operationId. An operation that would answer 404 at this moment has none. */
  of: Readonly<Record<string, Example>>
}

/** The answer of each operation for the first petition that is listed, at this moment; null while there is none. */
export async function makeExamples(needs: ExampleNeeds): Promise<Examples | null> {
  const [petition] = await needs.petitions.listed()
  if (!petition) return null
  const { language, version } = currentText(petition, '')
  const log = await logExamples(needs)
  return {
    names: new Map<string, string | number>([
      ['slug', petition.slug],
      ['language', language],
      ['version', version],
      ...log.names,
    ]),
    of: {
      ...(await apiExamples(needs, petition)),
      ...(await fileExamples(needs, petition, language)),
      ...log.of,
    },
  }
}

async function apiExamples(needs: ExampleNeeds, petition: Petition): Promise<Examples['of']> {
  const described = await describePetition(needs, petition, '')
  const countries = await needs.counts.publicTable(petition, 'country')
  const days = await needs.counts.publicTable(petition, 'day')
  const asked = await needs.targets.of(petition)
  const listed = await needs.petitions.listed()
  const all = await Promise.all(listed.map((each) => describePetition(needs, each, '')))
  const recipients = [...recipientsOf(petition)].sort()
  return {
    listPetitions: { query: {}, value: { petitions: all } },
    getPetition: { query: {}, value: described },
    getCounts: { query: { by: 'country' }, value: countries },
    getCountsCsv: { query: { by: 'day' }, value: toCsv(days) },
    getCountsXlsx: { query: { by: 'hour' }, value: null },
    getText: { query: {}, value: currentText(petition, '').content },
    getRecipients: { query: {}, value: recipients.map((each) => `${each}\n`).join('') },
    getOsdiEntryPoint: { query: {}, value: describeEntry(needs, listed.length) },
    listOsdiPetitions: {
      query: { page: 1 },
      value: await describePage(needs, listed, { page: 1, size: MAX_PAGE_SIZE }),
    },
    getOsdiPetition: { query: {}, value: await describeLinked(needs, petition, '') },
    getOembed: await oembedExample(needs, petition),
    getChallenge: { query: { had: '0' }, value: { enough: true } },
    getTargets: { query: {}, value: describeTargets(petition, asked, needs.clock.now()) },
  }
}

async function fileExamples(
  needs: ExampleNeeds,
  petition: Petition,
  language: string,
): Promise<Examples['of']> {
  const { publicUrl } = needs.config
  const lang = { lang: language }
  const about = { petition, updates: await needs.updates.of(petition) }
  const qr = `${sharedAt(publicUrl, petition.slug, { language, code: null })}?source=poster`
  return {
    getBadge: { query: lang, value: (await needs.cards.badge(petition, language)).svg },
    getFeed: { query: lang, value: writeFeed(publicUrl, about, language) },
    getQr: { query: { ...lang, source: 'poster' }, value: qrSvg(qr) },
    getQrPng: { query: lang, value: null },
    getCard: { query: lang, value: null },
    getSquareCard: { query: lang, value: null },
    getStoryCard: { query: lang, value: null },
    getPoster: { query: {}, value: null },
    getTearOff: { query: {}, value: null },
  }
}

/** The newest bundle of entries is at hand as soon as there is any. */
async function logExamples({ publicLog }: ExampleNeeds): Promise<Examples> {
  const log = await publicLog.published()
  if (!log || log.size === 0) return { names: new Map(), of: {} }
  const n = Math.floor((log.size - 1) / TILE_WIDTH)
  const [, level = '', ...tile] = bundlePath({ n, width: log.size - n * TILE_WIDTH }).split('/')
  return {
    names: new Map([
      ['level', level],
      ['tile', tile.join('/')],
    ]),
    of: {
      getCheckpoint: { query: {}, value: Buffer.from(log.checkpoint).toString() },
      getVkey: { query: {}, value: `${log.vkey}\n` },
      getTile: { query: {}, value: null },
    },
  }
}

async function oembedExample(
  { config, cards }: ExampleNeeds,
  petition: Petition,
): Promise<Example> {
  const { language } = currentText(petition, '')
  const url = `${config.publicUrl}${petitionPath(petition.slug)(language)}`
  const value = viewOembed(config.publicUrl, petition, {
    language,
    attribution: { ref: '', source: '' },
    room: { width: 1200, height: 1200 },
    cardVersion: await cards.version(petition, language),
  })
  return { query: { url, maxwidth: '1200', maxheight: '1200' }, value }
}
