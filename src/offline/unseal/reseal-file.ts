import { writeFileWhole } from '../../platform/files/write-out.ts'
import { checkRecords } from './check-records.ts'
import { resealFates } from './findings.ts'
import { openExport } from './open-export.ts'
import type { ThreadKeys } from './open-records.worker.ts'
import { createReport, type Report } from './report.ts'
import type { FileOptions } from './unseal-file.ts'

/**
 * Writes the same export sealed to other recipients, whole or not at all. It has every line of the old
 * one: a record that these keys don't open may open with another, and a file with a line less would
 * count as cut short.
 *
 * @throws UnsealError when the export can't be opened, ExportError when the new one can't be written
 */
export async function resealFile(
  path: string,
  keys: ThreadKeys,
  options: FileOptions,
): Promise<Report> {
  const { out, force } = options
  const opened = await openExport(path, keys, { ...options, only: null })
  const { records: announced } = opened.header
  const report = createReport({ announced, includeMismatched: true, fates: resealFates })
  const progress = options.beginProgress(announced)
  const { identities } = keys
  async function* lines() {
    yield toBytes([opened.headerLine])
    for await (const { all } of checkRecords(path, { opened, identities, report, progress })) {
      yield toBytes(all.map(({ resealed }) => resealed!))
    }
  }
  try {
    await writeFileWhole(out, lines(), { mode: 0o600, overwrite: force })
  } finally {
    progress.end()
  }
  return report
}

/** Lines come with a character for each byte. */
const toBytes = (lines: string[]) => Buffer.from(`${lines.join('\n')}\n`, 'latin1')
