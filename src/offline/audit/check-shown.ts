import type { InvalidEntry, LogEntry } from '../../log/core/entry/entry.ts'
import { formerMailboxes, parseEmail } from '../../platform/address/email-address.ts'
import { decodeBase64, encodeBase64 } from '../../platform/bytes.ts'
import { commit } from '../../sealing/record/commitment.ts'
import type { OpenedEntry } from '../../sealing/record/opened-file.ts'

/** What no mistake of a signer's explains: somebody cheated, or files of two audits were mixed up. */
export type Mismatch =
  | 'not drawn'
  | 'shown twice'
  /** The opened record isn't what the log committed to at that place. */
  | 'other record'
  /** The commitment covers the normalised address alone: mail to another would reach somebody else. */
  | 'other address'

export interface Mismatched {
  index: number
  mismatch: Mismatch
}

/** Holds every opened record to the log's entry of its number. */
export function checkShown(
  records: OpenedEntry[],
  drawn: ReadonlySet<number>,
  entries: ReadonlyMap<number, LogEntry | InvalidEntry>,
): Mismatched[] {
  const seen = new Set<number>()
  return records.flatMap((record) => {
    const { index } = record
    const mismatch = !drawn.has(index)
      ? 'not drawn'
      : seen.has(index)
        ? 'shown twice'
        : compare(record, entries.get(index))
    seen.add(index)
    return mismatch ? { index, mismatch } : []
  })
}

/** By the rules of today, or by those of the day it was signed. */
function isSpelling(typed: string, normalised: string): boolean {
  const email = parseEmail(typed)
  if (!email) return false
  return (
    email.normalised === normalised ||
    formerMailboxes(email).some((former) => former.normalised === normalised)
  )
}

function compare(record: OpenedEntry, entry: LogEntry | InvalidEntry | undefined): Mismatch | null {
  if (entry?.kind !== 'sign' || entry.slug !== record.slug) return 'other record'
  const r = decodeBase64(record.r)
  if (!r || encodeBase64(commit(r, record)) !== entry.commitment) return 'other record'
  return isSpelling(record.email, record.normalisedEmail) ? null : 'other address'
}
