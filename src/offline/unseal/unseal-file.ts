import { writeFileWhole } from '../../platform/files/write-out.ts'
import { checkRecords } from './check-records.ts'
import { unsealFates } from './findings.ts'
import { formatList, type ListFormat } from './format-list.ts'
import { type OpenOptions, openExport } from './open-export.ts'
import { createReport, type Report } from './report.ts'
import type { Progress } from './show-progress.ts'
import { UnsealError } from './unseal-error.ts'

export interface FileOptions extends Omit<OpenOptions, 'only'> {
  out: string
  /** Whether a file of that name may be replaced. */
  force: boolean
  /** @param records how many there will be */
  beginProgress(records: number): Progress
}

export interface UnsealOptions extends FileOptions {
  format: ListFormat
  includeMismatched: boolean
  /** Entries of the log: no other record is opened. Else all are. */
  only?: ReadonlySet<number>
}

/**
 * Writes the list of signers, whole or not at all, for its owner alone.
 *
 * @throws UnsealError when the export can't be opened, ExportError when the list can't be written
 */
export async function unsealFile(
  path: string,
  identities: string[],
  options: UnsealOptions,
): Promise<Report> {
  const { out, force, format, includeMismatched, only = null } = options
  const opened = await openExport(path, { identities, recipients: [] }, { ...options, only })
  const fates = unsealFates({ includeMismatched })
  const { records: announced, petition } = opened.header
  const report = createReport({ announced, only, includeMismatched, fates })
  const progress = options.beginProgress(only?.size ?? announced)
  async function* records() {
    const shares = checkRecords(path, { opened, identities, report, progress })
    for await (const { good } of shares) yield good
    if (only && report.counts().lines === 0) {
      throw new UnsealError(
        `${path} has none of these records, so nothing was written: ${report.tell().join('; ')}`,
      )
    }
  }
  try {
    await writeFileWhole(out, formatList[format](records(), petition), {
      mode: 0o600,
      overwrite: force,
    })
  } finally {
    progress.end()
  }
  return report
}
