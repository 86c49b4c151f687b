import type { Db } from '../../database.ts'
import { equalBytes } from '../../platform/bytes.ts'
import { appendLeaves, rootOf } from '../core/tree/grow-tree.ts'
import { hashLeaf } from '../core/tree/hash-tree.ts'
import { resumeTree } from '../core/tree/resume-tree.ts'
import { createGetTile, readEntries, writeTiles } from '../store/bundles-and-tiles.ts'
import { findState, setIntegrated } from '../store/log-state.ts'
import { holdLog, LogRefusal } from './log-writer.ts'
import { BATCH } from './take-batch.ts'

/**
 * Step 2: the tiles and the root of the entries that have an index. They follow from the entries alone: a crash
 * before the end of the transaction leaves the tree as it was, and the next run makes the same one.
 *
 * @returns how many entries the tree now covers; null when another node writes
 * @throws LogRefusal when the tiles aren't those of the root: somebody changed the tables
 */
export async function integrateBatch(db: Db): Promise<number | null> {
  return holdLog(db, async (trx) => {
    const { integrated, sequenced, root } = (await findState(trx))!
    if (sequenced === integrated) return integrated
    const tree = await resumeTree(integrated, createGetTile(trx))
    if (!equalBytes(rootOf(tree), root)) throw new LogRefusal(CHANGED_TILES)
    const to = Math.min(sequenced, integrated + BATCH)
    const entries = await readEntries(trx, { from: integrated, to })
    await writeTiles(trx, appendLeaves(tree, entries.map(hashLeaf)))
    await setIntegrated(trx, { size: tree.size, root: rootOf(tree) })
    return tree.size
  })
}

const CHANGED_TILES =
  'the tiles in the database do not belong to its own root: the table log_tile was changed or is damaged; nothing more is signed, see "undersigned log rebuild --help"'
