import type { Cards } from '../card/cards.ts'
import type { Config } from '../config.ts'
import type { Counts } from '../count/counts.ts'
import { toCsv } from '../count/write-counts.ts'
import { viewOembed } from '../pages/embed/view-oembed.ts'
import { petitionPath } from '../petition/paths.ts'
import { currentText, type Petition, recipientsOf } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import type { Targets } from '../target/targets.ts'
import { describeEntry, describeOsdiPetition, describePage } from './osdi.routes.ts'
import { MAX_PAGE_SIZE } from './osdi.schemas.ts'
import { type DescribeNeeds, describePetition } from './petitions.routes.ts'
import { describeTargets } from './targets.routes.ts'

export interface ExampleNeeds extends DescribeNeeds {
  config: Config
  petitions: Petitions
  counts: Counts
  cards: Pick<Cards, 'version'>
  targets: Pick<Targets, 'of'>
}

/** A list by country may be long; the first lines show how it goes on. */
const MAX_LINES = 40

export interface Example {
  /** With its question mark, or empty. */
  query: string
  /** Null for a binary answer. */
  body: string | null
}

/** What stands in braces in the paths. */
export function namesIn(petition: Petition): Map<string, string> {
  const { language, version } = currentText(petition, '')
  return new Map([
    ['slug', petition.slug],
    ['language', language],
    ['version', String(version)],
  ])
}

/** The answer of each operation for this petition at this moment, by operationId. */
export async function makeExamples(
  needs: ExampleNeeds,
  petition: Petition,
): Promise<Record<string, Example>> {
  const described = await describePetition(needs, petition, '')
  const countries = await needs.counts.publicTable(petition, 'country')
  const days = await needs.counts.publicTable(petition, 'day')
  const asked = await needs.targets.of(petition)
  const listed = await needs.petitions.listed()
  const recipients = [...recipientsOf(petition)].sort().join('\n')
  return {
    listPetitions: { query: '', body: show({ petitions: [described] }) },
    getPetition: { query: '', body: show(described) },
    getCounts: { query: '?by=country', body: show(countries) },
    getCountsCsv: { query: '?by=day', body: cut(toCsv(days)) },
    getCountsXlsx: { query: '?by=hour', body: null },
    getText: { query: '', body: show(currentText(petition, '').content) },
    getRecipients: { query: '', body: recipients },
    getOsdiEntryPoint: { query: '', body: show(describeEntry(needs, listed.length)) },
    listOsdiPetitions: {
      query: '?page=1',
      body: show(await describePage(needs, listed, { page: 1, size: MAX_PAGE_SIZE })),
    },
    getOsdiPetition: { query: '', body: show(await describeOsdiPetition(needs, petition, '')) },
    getOembed: await oembedExample(needs, petition),
    getChallenge: { query: '?had=0', body: show({ enough: true }) },
    getTargets: { query: '', body: show(describeTargets(petition, asked, needs.clock.now())) },
  }
}

async function oembedExample(
  { config, cards }: ExampleNeeds,
  petition: Petition,
): Promise<Example> {
  const { language } = currentText(petition, '')
  const url = `${config.publicUrl}${petitionPath(petition.slug)(language)}`
  const oembed = viewOembed(config.publicUrl, petition, {
    language,
    attribution: { ref: '', source: '' },
    room: { width: 1200, height: 1200 },
    cardVersion: await cards.version(petition, language),
  })
  return {
    query: `?url=${encodeURIComponent(url)}&maxwidth=1200&maxheight=1200`,
    body: show(oembed),
  }
}

const show = (value: unknown) => cut(JSON.stringify(value, null, 2))

function cut(text: string): string {
  const lines = text.trimEnd().split('\n')
  return lines.length > MAX_LINES
    ? [...lines.slice(0, MAX_LINES), '…'].join('\n')
    : lines.join('\n')
}
