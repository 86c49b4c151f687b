import { equalBytes } from '../../platform/bytes.ts'
import { attempt, MalformedError } from './canonical.ts'
import { parseBundle } from './entry/entry-bundle.ts'
import { type LogFault, type LogReport, MAX_LISTED } from './log-report.ts'
import type { Checkpoint } from './note/checkpoint.ts'
import { openCheckpoint, type Trust } from './note/open-checkpoint.ts'
import { edgeTiles, rootOf } from './tree/grow-tree.ts'
import { type BundleCoordinates, type GetTile, listNewBundles } from './tree/tile.ts'
import { bundlePath } from './tree/tile-path.ts'
import { blameEntries, checkTiles, startWalk, takeEntry } from './walk-log.ts'

/** A log's files on a disk or a site; null for one that isn't there. */
export interface LogSource {
  checkpoint: Uint8Array
  getTile: GetTile
  getBundle(n: number, width: number): Promise<Uint8Array | null>
}

/**
 * Recomputes a whole log from its entries: that each is readable, and that every tile and the signed root
 * follow from them; counts them. Memory stays flat but for the counter's.
 *
 * @param earlier earlier checkpoints of this log: it must extend each of them
 */
export async function checkLog(
  source: LogSource,
  trust: Trust,
  earlier: Checkpoint[] = [],
): Promise<LogReport> {
  const walk = startWalk(earlier)
  const { report, tree } = walk
  const opened = await openCheckpoint(source.checkpoint, trust)
  if (!opened.ok) {
    return conclude(report, {
      problem: `checkpoint-${opened.problem}`,
      path: 'checkpoint',
      at: null,
    })
  }
  const { size, root } = opened.checkpoint
  report.checkpoint = opened.checkpoint
  report.cosigned = opened.cosigned
  for (const wanted of listNewBundles(0, size)) {
    const path = bundlePath(wanted)
    const entries = await readEntries(source, wanted, path)
    if (!Array.isArray(entries)) return conclude(report, entries)
    for (const entry of entries) takeEntry(walk, entry, path)
    await checkTiles(walk, source.getTile)
    if (report.faults.length > MAX_LISTED) return conclude(report)
  }
  walk.tiles.push(...edgeTiles(tree))
  await checkTiles(walk, source.getTile)
  for (const { size: at } of walk.earlier) {
    report.faults.push({ problem: 'shrunk', path: 'checkpoint', at })
  }
  if (equalBytes(rootOf(tree), root)) return conclude(report)
  // Which of the two is wrong, an entry or the hash of it, only the signed root tells.
  report.faults = report.faults.map(blameEntries)
  return conclude(report, { problem: 'other-root', path: 'checkpoint', at: null })
}

async function readEntries(
  { getBundle }: LogSource,
  { n, width }: BundleCoordinates,
  path: string,
): Promise<Uint8Array[] | LogFault> {
  const bundle = await getBundle(n, width)
  if (!bundle) return { problem: 'missing', path, at: null }
  const entries = attempt(() => parseBundle(bundle, width))
  return entries instanceof MalformedError ? { problem: 'malformed', path, at: null } : entries
}

function conclude(report: LogReport, fault?: LogFault): LogReport {
  const faults = fault ? [...report.faults, fault] : report.faults
  return { ...report, ok: faults.length === 0, faults: faults.slice(0, MAX_LISTED) }
}
