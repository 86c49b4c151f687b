import { writeFileWhole } from '../../export/write-out.ts'
import { checkRecords } from './check-records.ts'
import { formatList, type ListFormat } from './list/format-list.ts'
import { type OpenOptions, openExport } from './open/open-export.ts'
import { unsealFates } from './report/findings.ts'
import { createReport, type Report } from './report/report.ts'
import type { Progress } from './report/show-progress.ts'

export interface FileOptions extends OpenOptions {
  out: string
  /** Whether a file of that name may be replaced. */
  force: boolean
  /** @param records how many there will be */
  beginProgress(records: number): Progress
}

/**
 * Writes the list of signers, whole or not at all, for its owner alone.
 *
 * @throws UnsealError when the export can't be opened, ExportError when the list can't be written
 */
export async function unsealFile(
  path: string,
  identities: string[],
  options: FileOptions & { format: ListFormat; includeMismatched: boolean },
): Promise<Report> {
  const { out, force, format, includeMismatched } = options
  const opened = await openExport(path, { identities, recipients: [] }, options)
  const fates = unsealFates({ includeMismatched })
  const { records: announced } = opened.header
  const report = createReport({ announced, includeMismatched, fates })
  const progress = options.beginProgress(announced)
  async function* records() {
    const shares = checkRecords(path, { opened, identities, report, progress })
    for await (const { good } of shares) yield good
  }
  try {
    await writeFileWhole(out, formatList[format](records()), { mode: 0o600, overwrite: force })
  } finally {
    progress.end()
  }
  return report
}
