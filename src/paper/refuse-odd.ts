import type { Petition } from '../petition/petition.ts'
import { wallClock } from '../platform/i18n/zone.ts'
import type { NewPaper } from './add-paper.ts'
import type { Paper } from './paper.queries.ts'
import { PaperError } from './paper-error.ts'

const ANYWAY = 'If that is meant, add --anyway'

/**
 * What is most likely a slip, and may still be right: the log keeps a number for ever.
 *
 * @param others what the petition has already
 * @throws PaperError
 */
export function refuseOdd(
  { slug, opensAt, opensZone }: Pick<Petition, 'slug' | 'opensAt' | 'opensZone'>,
  { signatures, place, collectedOn }: Omit<NewPaper, 'scan'>,
  others: readonly Paper[],
): void {
  const opened = wallClock(opensAt, opensZone).toISOString().slice(0, 10)
  if (collectedOn < opened) {
    throw new PaperError(
      `--date ${collectedOn} is before ${slug} opened, on ${opened}: check the year. ${ANYWAY}`,
    )
  }
  const same = others.find(
    (other) =>
      other.signatures === signatures &&
      other.collectedOn === collectedOn &&
      other.place?.toLowerCase() === place.toLowerCase(),
  )
  if (same) {
    throw new PaperError(
      `sheets ${same.id} have the same count, place and day, and seem to be the same. ${ANYWAY}`,
    )
  }
}

/**
 * The server can't open a sealed scan to compare it: the same file for the same recipients has the same length.
 *
 * @param size bytes of the sealed scan
 * @throws PaperError
 */
export function refuseSameScan(
  { signatures, size }: Pick<Paper, 'signatures' | 'size'>,
  others: readonly Paper[],
): void {
  const same = others.find((other) => other.size === size && other.signatures === signatures)
  if (!same) return
  throw new PaperError(
    `the scan has as many bytes as that of sheets ${same.id}, and their count, and seems to be the same. ${ANYWAY}`,
  )
}
