import { writeFileWhole } from '../../platform/files/write-out.ts'
import type { Progress } from '../../platform/terminal/show-progress.ts'
import { checkRecords } from './check-records.ts'
import { resealFates, unsealFates } from './findings.ts'
import { formatRecords, type ListFormat } from './format-list.ts'
import type { HandOver, HandOverFormat } from './hand-over.ts'
import { type OpenOptions, openExport } from './open-export.ts'
import type { ThreadKeys } from './open-records.worker.ts'
import { createReport, type Report } from './report.ts'
import { UnsealError } from './unseal-error.ts'

export interface FileOptions extends Omit<OpenOptions, 'only'> {
  out: string
  /** Whether a file of that name may be replaced. */
  force: boolean
  /** @param records how many there will be */
  beginProgress(records: number): Progress
}

interface UnsealOptions extends FileOptions {
  format: ListFormat | HandOverFormat
  includeMismatched: boolean
  /** For a mailing tool; null for lists. */
  handOver?: HandOver | null
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
  const { out, force, format, includeMismatched, only = null, handOver = null } = options
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
    await writeFileWhole(out, formatRecords(format, records(), { petition, handOver }), {
      mode: 0o600,
      overwrite: force,
    })
  } finally {
    progress.end()
  }
  return report
}

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
