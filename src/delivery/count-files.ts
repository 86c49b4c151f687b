import type { CountRow } from '../count/read-counts.ts'
import { formatCsvRow } from '../platform/table/write-table.ts'
import { type Delivery, paperTotal } from './gather-delivery.ts'

export interface SmallFile {
  path: string
  content: string | Uint8Array
}

/** The figures for machines, the same as in the letters. */
export function countFiles(delivery: Delivery): SmallFile[] {
  const { petition, certified, countries, languages, log, made, paper, imported } = delivery
  const counts = {
    petition: petition.slug,
    made: made.toISOString(),
    certified,
    log: { origin: log.origin, size: log.size, publishedAt: log.publishedAt.toISOString() },
    byCountry: countries,
    byLanguage: languages,
    paper: {
      signatures: paperTotal(paper),
      verified: false,
      sheets: paper.map(({ signatures, place, collectedOn, hash }) => ({
        signatures,
        place,
        collectedOn,
        sha256: hash.toString('hex'),
      })),
    },
    collectedOnOtherSites: { signatures: imported, verified: false },
  }
  return [
    { path: 'counts/counts.json', content: `${JSON.stringify(counts, null, 2)}\n` },
    {
      path: 'counts/total.csv',
      content: toCsv('total', [{ key: 'certified', signatures: certified }]),
    },
    { path: 'counts/by-country.csv', content: toCsv('country', countries) },
    { path: 'counts/by-language.csv', content: toCsv('language', languages) },
    {
      path: 'counts/on-paper-not-verified.csv',
      content: [
        ['signatures', 'place', 'collected on', 'sha256 of the sealed scan'],
        ...paper.map((each) => [
          each.signatures,
          each.place,
          each.collectedOn,
          each.hash.toString('hex'),
        ]),
      ]
        .map(formatCsvRow)
        .join(''),
    },
  ]
}

const toCsv = (column: string, rows: CountRow[]) =>
  [[column, 'signatures'], ...rows.map(({ key, signatures }) => [key, signatures])]
    .map(formatCsvRow)
    .join('')
