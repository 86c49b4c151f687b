import { neutraliseCell } from '../../../../export/neutralise-cell.ts'
import type { Signer } from '../open/open-batch.ts'
import { splitName } from './split-name.ts'

export const csvColumns = [
  'first_name',
  'last_name',
  'name',
  'email',
  'country',
  'postcode',
  'comment',
  'display',
  'language',
  'signed_at',
  'confirmed_at',
  'source',
  'id',
] as const

/** A string of a million rows would be larger than browsers allow; a file made of parts need not be. */
const ROWS_A_PART = 1_000

/**
 * UTF-8 as src/export/write-csv.ts writes it: quoted after RFC 4180, lines ending in LF, no byte order
 * mark; and no cell that a spreadsheet would run.
 *
 * @returns the parts of the file, in order
 */
export function writeCsv(signers: readonly Signer[]): string[] {
  const parts = [`${csvColumns.join(',')}\n`]
  for (let at = 0; at < signers.length; at += ROWS_A_PART) {
    parts.push(
      signers
        .slice(at, at + ROWS_A_PART)
        .map((signer) => `${cellsOf(signer).map(formatCell).join(',')}\n`)
        .join(''),
    )
  }
  return parts
}

function cellsOf(signer: Signer): string[] {
  const { first, last } = splitName(signer.name)
  return [
    first,
    last,
    signer.name,
    signer.email,
    signer.country,
    signer.postcode,
    signer.comment,
    signer.display,
    signer.language,
    signer.signedAt,
    signer.confirmedAt,
    signer.source ?? '',
    signer.id,
  ]
}

function formatCell(text: string): string {
  const safe = neutraliseCell(text)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
