import type { Db } from '../database.ts'
import { encodeUtf8 } from './core/canonical.ts'
import { listNewBundles, listTiles } from './core/tree/tile.ts'
import { bundlePath, tilePath } from './core/tree/tile-path.ts'
import { createGetTile, getBundle } from './store/bundles-and-tiles.ts'

/** Files read at the same time. */
const TOGETHER = 64

export interface LogFile {
  /** As below /log/. */
  path: string
  bytes: Uint8Array
}

/** All files of the log at a checkpoint, as "verify" reads them from a folder; some are in memory at a time. */
export async function* readLogFiles(
  db: Db,
  { size, checkpoint, vkey }: { size: number; checkpoint: Uint8Array; vkey: string },
): AsyncGenerator<LogFile> {
  yield { path: 'checkpoint', bytes: checkpoint }
  yield { path: 'vkey', bytes: encodeUtf8(`${vkey}\n`) }
  const getTile = createGetTile(db)
  const files = [
    ...listTiles(size).map((tile) => ({
      path: tilePath(tile),
      read: () => getTile(tile.level, tile.n, tile.width),
    })),
    ...listNewBundles(0, size).map((bundle) => ({
      path: bundlePath(bundle),
      read: () => getBundle(db, bundle.n, bundle.width),
    })),
  ]
  for (let at = 0; at < files.length; at += TOGETHER) {
    const read = files.slice(at, at + TOGETHER).map(async (file) => {
      const bytes = await file.read()
      if (!bytes) throw new Error(`the log in the database lacks ${file.path}`)
      return { path: file.path, bytes }
    })
    yield* await Promise.all(read)
  }
}
