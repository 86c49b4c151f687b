import { COLUMNS, toCells } from '../../../record/list-columns.ts'
import type { Signer } from '../open/open-batch.ts'

/** A string of a million rows would be larger than browsers allow; a file made of parts need not be. */
const ROWS_A_PART = 1_000

/**
 * UTF-8 as src/export/write-csv.ts writes it: quoted after RFC 4180, lines ending in LF, no byte order
 * mark; and no cell that a spreadsheet would run.
 *
 * @returns the parts of the file, in order
 */
export function writeCsv(signers: readonly Signer[]): string[] {
  const parts = [`${COLUMNS.join(',')}\n`]
  for (let at = 0; at < signers.length; at += ROWS_A_PART) {
    parts.push(
      signers
        .slice(at, at + ROWS_A_PART)
        .map((signer) => `${toCells(signer).map(formatCell).join(',')}\n`)
        .join(''),
    )
  }
  return parts
}

function formatCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
