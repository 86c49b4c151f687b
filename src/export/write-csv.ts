import { stringify } from 'csv-stringify/sync'
import type { Counts } from './counts.ts'
import { neutraliseCell } from './neutralise-cell.ts'

/**
 * UTF-8 with a header, quoted as RFC 4180 says. Lines end in LF rather than its CRLF: every reader
 * takes both, and `cut` or `awk` would keep the CR in the last column. No byte order mark, which
 * scripts would find in the first column's name; Excel has the XLSX.
 */
export function writeCsv({ by, rows }: Counts): string {
  return stringify([
    [by, 'signatures'],
    ...rows.map(({ key, signatures }) => [neutraliseCell(key), signatures]),
  ])
}
