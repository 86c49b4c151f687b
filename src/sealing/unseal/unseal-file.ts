import { stat } from 'node:fs/promises'
import { writeFileWhole } from '../../export/write-out.ts'
import type { ExportHeader } from '../record/export-file.ts'
import type { SignerRecord } from '../record/sealed-record.ts'
import { formatList, type ListFormat } from './format-list.ts'
import { openLines } from './open-lines.ts'
import type { ThreadKeys } from './open-records.worker.ts'
import { createReport, type Report } from './report.ts'
import { showProgress } from './show-progress.ts'
import { UnsealError } from './unseal-error.ts'

export interface UnsealOptions {
  out: string
  /** Take what is there of a file that was cut short. */
  salvage: boolean
}

/** Writes the list of signers, whole or not at all. @throws UnsealError */
export async function unsealFile(
  path: string,
  identities: string[],
  options: UnsealOptions & { format: ListFormat },
): Promise<Report> {
  const keys = { identities, recipients: [] }
  return openAndWrite(path, keys, options, (_header, opened) =>
    formatList[options.format](recordsOf(opened)),
  )
}

/** Writes the same export sealed to other recipients, whole or not at all. @throws UnsealError */
export async function resealFile(
  path: string,
  keys: ThreadKeys,
  options: UnsealOptions,
): Promise<Report> {
  // The header comes first and says how many follow: what can't be opened can't be counted before.
  const dry = await openAndCount(path, keys.identities, options)
  return openAndWrite(path, keys, options, async function* (header, opened) {
    yield `${JSON.stringify({ ...header, records: dry })}\n`
    for await (const share of opened) yield share.map(({ resealed }) => `${resealed}\n`).join('')
  })
}

type Opened = AsyncGenerator<{ record: SignerRecord; resealed: string | null }[]>

async function openAndWrite(
  path: string,
  keys: ThreadKeys,
  { out, salvage }: UnsealOptions,
  format: (header: ExportHeader, opened: Opened) => AsyncIterable<string | Buffer>,
): Promise<Report> {
  const report = createReport()
  const progress = showProgress(await sizeOf(path))
  try {
    const { onBytes } = progress
    const { header, outcomes } = await openLines(path, keys, { salvage, onBytes })
    async function* opened(): Opened {
      for await (const share of outcomes) yield report.take(share)
      if (!report.fits() && report.leftOut() > 0) throw noneFits(path, keys)
    }
    await writeFileWhole(out, format(header, opened()), { mode: 0o600 })
  } finally {
    progress.end()
  }
  return report
}

async function openAndCount(path: string, identities: string[], { salvage }: UnsealOptions) {
  const report = createReport()
  const keys = { identities, recipients: [] }
  const { outcomes } = await openLines(path, keys, { salvage, onBytes: () => {} })
  for await (const share of outcomes) report.take(share)
  if (!report.fits() && report.leftOut() > 0) throw noneFits(path, keys)
  return report.opened()
}

async function* recordsOf(opened: Opened): AsyncGenerator<SignerRecord[]> {
  for await (const share of opened) yield share.map(({ record }) => record)
}

const noneFits = (path: string, { identities }: ThreadKeys) =>
  new UnsealError(
    `no record in ${path} opens with ${identities.length > 1 ? 'these keys' : 'this key'}: it is sealed to others, or damaged throughout; nothing was written`,
  )

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UnsealError(`${path} can't be read (${error.code}): check its name`)
  })
  return found.size
}
