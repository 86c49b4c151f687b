import type { LogSource } from '../../log/core/check/check-log.ts'
import { MAX_LISTED } from '../../log/core/check/log-report.ts'
import { listNewBundles, listTiles, type TilePlace } from '../../log/core/tree/tile.ts'
import { bundlePath, tilePath } from '../../log/core/tree/tile-path.ts'
import type { LogCopy } from './log-copy.ts'

/** Requests under way at a time. */
const CONCURRENCY = 8

export interface Downloaded {
  /** Files that an earlier run had downloaded. */
  reused: number
}

/**
 * Brings what a log of that size consists of into the copy. Files that the site doesn't have are left
 * for the check to tell of.
 *
 * @param onFile entries: those that the file brings
 * @throws VerifyError when the site can't be reached, or the disk is full
 */
export async function downloadLog(
  from: Omit<LogSource, 'checkpoint'>,
  copy: LogCopy,
  size: number,
  onFile: (file: { entries: number; bytes: number }) => void,
): Promise<Downloaded> {
  const files = listFiles(size)
  let reused = 0
  let missing = 0
  let failed = false

  async function work() {
    for (const file of files) {
      // A check lists no more than that.
      if (failed || missing > MAX_LISTED) return
      try {
        await bring(file)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }

  async function bring({ place, entries }: LogFile) {
    const { level, n, width } = place
    if (entries ? await copy.holdsBundle(place) : await copy.holdsTile(place)) {
      reused++
      onFile({ entries: entries ? width : 0, bytes: 0 })
      return
    }
    const bytes = await (entries ? from.getBundle(n, width) : from.getTile(level, n, width))
    if (!bytes) {
      missing++
      return
    }
    await copy.write(entries ? bundlePath(place) : tilePath(place), bytes)
    onFile({ entries: entries ? width : 0, bytes: bytes.length })
  }

  const results = await Promise.allSettled(Array.from({ length: CONCURRENCY }, work))
  for (const result of results) if (result.status === 'rejected') throw result.reason
  return { reused }
}

interface LogFile {
  place: TilePlace
  /** Whether it holds entries, else hashes. */
  entries: boolean
}

function* listFiles(size: number): Generator<LogFile> {
  for (const place of listNewBundles(0, size)) {
    yield { place: { ...place, level: 0 }, entries: true }
  }
  for (const place of listTiles(size)) yield { place, entries: false }
}
