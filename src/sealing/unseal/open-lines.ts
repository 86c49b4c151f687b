import { availableParallelism } from 'node:os'
import { Tinypool } from 'tinypool'
import { threadFile } from '../../platform/threads/thread-file.ts'
import { type ExportHeader, parseExportHeader } from '../record/export-file.ts'
import type { LineOutcome, ThreadKeys } from './open-records.worker.ts'
import { readLines } from './read-lines.ts'
import { UnsealError } from './unseal-error.ts'

/** Lines a thread opens at a time. */
const SHARE = 200

export interface OpenedExport {
  header: ExportHeader
  /** In the order of the file, a share at a time. Close it by finishing or leaving the loop. */
  outcomes: AsyncGenerator<LineOutcome[]>
}

/**
 * Opens an export in threads. Only a few shares are under way at a time, however long the file is.
 *
 * @throws UnsealError when the file is none; from `outcomes` when it was cut short
 */
export async function openLines(
  path: string,
  keys: ThreadKeys,
  { salvage, onBytes }: { salvage: boolean; onBytes: (bytes: number) => void },
): Promise<OpenedExport> {
  const shares = inShares(path, onBytes)
  const first = await shares.next()
  const [headerLine = '', ...lines] = first.value ?? []
  const header = parseExportHeader(headerLine)
  if (!header) {
    await shares.return(undefined)
    throw new UnsealError(
      `${path} is no export of sealed records: make one with "undersigned export signatures"`,
    )
  }
  return { header, outcomes: outcomesOf(path, header, lines, shares, keys, salvage) }
}

async function* outcomesOf(
  path: string,
  header: ExportHeader,
  firstLines: string[],
  shares: AsyncGenerator<string[]>,
  keys: ThreadKeys,
  salvage: boolean,
): AsyncGenerator<LineOutcome[]> {
  const threads = availableParallelism()
  const pool = new Tinypool({
    ...threadFile(import.meta.url, 'open-records.worker'),
    minThreads: threads,
    maxThreads: threads,
    workerData: keys,
  })
  try {
    const underWay: Promise<LineOutcome[]>[] = []
    let seen = 0
    const begin = (lines: string[]) => {
      seen += lines.length
      const share = pool.run({ petition: header.petition, lines }) as Promise<LineOutcome[]>
      share.catch(() => {})
      underWay.push(share)
    }
    if (firstLines.length > 0) begin(firstLines)
    for await (const lines of shares) {
      begin(lines)
      if (underWay.length > threads * 2) yield await underWay.shift()!
    }
    if (seen !== header.records && !salvage) {
      throw new UnsealError(
        `${path} is not whole: it says that it has ${header.records} records and has ${seen}; export or copy it again, or add --salvage for what is there`,
      )
    }
    while (underWay.length > 0) yield await underWay.shift()!
  } finally {
    await pool.destroy()
  }
}

async function* inShares(path: string, onBytes: (bytes: number) => void): AsyncGenerator<string[]> {
  let share: string[] = []
  for await (const lines of readLines(path, onBytes)) {
    for (const line of lines) {
      share.push(line)
      if (share.length < SHARE) continue
      yield share
      share = []
    }
  }
  if (share.length > 0) yield share
}
