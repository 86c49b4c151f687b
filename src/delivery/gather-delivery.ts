import type { Counts } from '../count/counts.ts'
import type { CountRow } from '../count/read-counts.ts'
import type { Db } from '../database.ts'
import type { Imports } from '../imported/imports.ts'
import type { PublicLog, PublishedLog } from '../log/public-log.ts'
import type { Paper } from '../paper/paper.queries.ts'
import type { Papers } from '../paper/papers.ts'
import type { Petition } from '../petition/petition.ts'
import { ExpectedError } from '../platform/expected-error.ts'

/** Nothing can be delivered yet: one line says why, and what to do. */
export class DeliveryError extends ExpectedError {}

/** What a letter and its files say, all of it as of one checkpoint of the public log. */
export interface Delivery {
  petition: Petition
  made: Date
  log: PublishedLog
  /** The count that the log certifies at that checkpoint. */
  certified: number
  countries: CountRow[]
  languages: CountRow[]
  /** By the organisers' own word; never in the count. */
  paper: Paper[]
  /** Collected on other sites, likewise. */
  imported: number
  /** The site's address. */
  site: string
}

export interface GatherNeeds {
  counts: Pick<Counts, 'certifiedRows'>
  publicLog: Pick<PublicLog, 'publishedIn'>
  papers: Pick<Papers, 'listIn'>
  imports: Pick<Imports, 'totalIn'>
}

/**
 * @param trx sees one moment of the database
 * @throws DeliveryError
 */
export async function gatherDelivery(
  trx: Db,
  { counts, publicLog, papers, imports }: GatherNeeds,
  { petition, made, site }: Pick<Delivery, 'petition' | 'made' | 'site'>,
): Promise<Delivery> {
  const found = await publicLog.publishedIn(trx, petition.id)
  if (!found) {
    throw new DeliveryError(
      'the public log certifies no number yet: let the site run ("undersigned start", or a worker), and try again after the log\'s first batch',
    )
  }
  const { log, isUnderWay } = found
  if (isUnderWay) {
    throw new DeliveryError(
      'a batch of the public log is being published this moment: try again in a few seconds',
    )
  }
  const certified = log.certified(petition.id)
  const rows = (by: 'country' | 'language') => counts.certifiedRows(trx, petition, by, certified)
  return {
    petition,
    made,
    site,
    log,
    certified,
    countries: await rows('country'),
    languages: await rows('language'),
    paper: await papers.listIn(trx, petition),
    imported: await imports.totalIn(trx, petition),
  }
}

export const paperTotal = (paper: readonly Paper[]) =>
  paper.reduce((sum, { signatures }) => sum + signatures, 0)
