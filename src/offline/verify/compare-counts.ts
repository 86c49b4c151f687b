import { decodeUtf8 } from '../../log/core/canonical.ts'
import { countOf, type EntryCounter } from '../../log/core/entry/count-entries.ts'
import { getBytes, type HttpOptions } from './source/get-bytes.ts'
import { VerifyError } from './verify-error.ts'

/** A petition's count in the site's own API. */
export interface Claim {
  slug: string
  counted: number
  /** At `size` entries of the log; null before its first checkpoint. */
  log: { certified: number; size: number; interval: number } | null
}

export interface ComparedCount {
  slug: string
  /** Recomputed from the log. */
  signatures: number
  /** The site's own count; null when it doesn't know the petition, or nothing was compared. */
  shown: number | null
  /** That the organisers turned away before they counted, by the log's own word. */
  turnedAway: number
  /** That the organisers hold on paper, by their own word: nothing verifies them. */
  paper: number
  /** That they hold from other sites, by their own word: nothing verifies them either. */
  imported: number
  fault: string | null
}

const MAX_BYTES = 20_000_000
/** So many may come between two batches without a doubt. */
const FEW = 1000

/** @throws VerifyError when the site's API can't be had or says something else */
export async function readClaims(site: string, http: HttpOptions): Promise<Claim[]> {
  const url = new URL('/api/v1/petitions', site)
  const bytes = await getBytes(url, MAX_BYTES, http)
  if (!bytes) throw new VerifyError(`${url} is not there: without it nothing can be compared`)
  try {
    const { petitions } = JSON.parse(decodeUtf8(bytes)) as { petitions: unknown[] }
    return petitions.map(toClaim)
  } catch {
    throw new VerifyError(`${url} is not what the API promises: nothing can be compared`)
  }
}

function toClaim(value: unknown): Claim {
  const { slug, signatures, log } = value as {
    slug: unknown
    signatures: { counted: unknown }
    log: { certified: unknown; size: unknown; interval: unknown } | null
  }
  const numbers = [signatures.counted, ...(log ? [log.certified, log.size, log.interval] : [])]
  if (typeof slug !== 'string' || !numbers.every(Number.isSafeInteger)) throw new Error('no claim')
  const { counted } = signatures as { counted: number }
  return { slug, counted, log: log as Claim['log'] }
}

/** The entries that the site says it has published; null when it says nothing. */
export function claimedSize(claims: Claim[]): number | null {
  const sizes = claims.flatMap(({ log }) => (log ? [log.size] : []))
  return sizes.length === 0 ? null : Math.max(...sizes)
}

/** Compares the log's counts with the site's own. @param size of the verified log */
export function compareCounts(
  counter: EntryCounter,
  claims: Claim[] | null,
  size: number,
): ComparedCount[] {
  const slugs = new Set([...counter.petitions.keys(), ...(claims ?? []).map(({ slug }) => slug)])
  return [...slugs].sort().map((slug) => {
    const signatures = countOf(counter, slug)
    const claim = claims?.find((each) => each.slug === slug)
    const shown = claim?.counted ?? null
    const fault = claims && judge(signatures, claim, size)
    const { turnedAway = 0, paper = 0, imported = 0 } = counter.petitions.get(slug) ?? {}
    return { slug, signatures, shown, turnedAway, paper, imported, fault }
  })
}

function judge(signatures: number, claim: Claim | undefined, size: number): string | null {
  if (!claim) return signatures > 0 ? 'the log counts it, and the site does not list it' : null
  const { counted, log } = claim
  if (log && log.size === size && log.certified !== signatures) {
    return `the site says that the log certifies ${log.certified}, and it certifies ${signatures}`
  }
  const waiting = counted - signatures
  if (waiting > FEW && waiting > signatures) {
    const wait = log ? `in ${log.interval} seconds` : 'later'
    return `the site shows ${counted}, and the log certifies no more than ${signatures}: run this again ${wait}, by when they must be in the log`
  }
  return null
}
