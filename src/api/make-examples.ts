import type { PublicCounts } from '../count/public-counts.ts'
import { toCsv } from '../count/write-counts.ts'
import type { Petition } from '../petition/petition.ts'
import type { Site } from '../site.ts'
import { describePetition } from './describe-petition.ts'

/** A list by country may be long; the first lines show how it goes on. */
const MAX_LINES = 40

export interface Example {
  /** With its question mark, or empty. */
  query: string
  /** Null where it is no text. */
  body: string | null
}

/** What each operation gives for this petition at this moment, by operationId. */
export async function makeExamples(
  site: Site,
  publicCounts: PublicCounts,
  petition: Petition,
): Promise<Record<string, Example>> {
  const described = await describePetition(site, petition, '')
  const countries = await publicCounts(petition, 'country')
  const days = await publicCounts(petition, 'day')
  return {
    listPetitions: { query: '', body: show({ petitions: [described] }) },
    getPetition: { query: '', body: show(described) },
    getCounts: { query: '?by=country', body: show(countries) },
    getCountsCsv: { query: '?by=day', body: cut(toCsv(days)) },
    getCountsXlsx: { query: '?by=hour', body: null },
  }
}

const show = (value: unknown) => cut(JSON.stringify(value, null, 2))

function cut(text: string): string {
  const lines = text.trimEnd().split('\n')
  return lines.length > MAX_LINES
    ? [...lines.slice(0, MAX_LINES), '…'].join('\n')
    : lines.join('\n')
}
