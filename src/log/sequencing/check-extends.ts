import type { Db } from '../../database.ts'
import { equalBytes } from '../../platform/bytes.ts'
import { MalformedError } from '../core/canonical.ts'
import type { Checkpoint } from '../core/note/checkpoint.ts'
import { verifyEd25519 } from '../core/note/node-ed25519.ts'
import { openCheckpoint } from '../core/note/open-checkpoint.ts'
import type { NoteSigner } from '../core/note/sign-note.ts'
import { proveConsistency } from '../core/tree/prove-consistency.ts'
import { verifyConsistency } from '../core/tree/verify-consistency.ts'
import { readSigned } from '../log-folder.ts'
import { createGetTile } from '../store/bundles-and-tiles.ts'
import { findState, type LogState } from '../store/log-state.ts'
import { LogRefusal, type LogWriter } from './log-writer.ts'

/**
 * Holds the database's tree against the last checkpoint that this node knows to be signed: the one in
 * the file outside the database, and the database's own.
 *
 * @throws LogRefusal when the tree isn't an extension of both
 */
export async function checkExtends(
  db: Db,
  { signer, folder }: Pick<LogWriter, 'signer' | 'folder'>,
): Promise<LogState> {
  // The file first: another process may sign meanwhile, and its file must not look newer than the state.
  const file = await readSigned(folder)
  const state = (await findState(db))!
  if (file) await checkOne(db, state, await open(file.note, signer, file.path), file.path)
  if (state.signedNote) {
    const where = 'log_state.signed_note in the database'
    await checkOne(db, state, await open(state.signedNote, signer, where), where)
  }
  return state
}

async function open(note: Uint8Array, { key }: NoteSigner, where: string): Promise<Checkpoint> {
  const opened = await openCheckpoint(note, {
    logKeys: [key],
    witnessKeys: [],
    verify: verifyEd25519,
  })
  if (opened.ok) return opened.checkpoint
  throw new LogRefusal(
    `${where} is no checkpoint signed by this log's key (${opened.problem}: ${opened.detail}): check LOG_KEY and DATA_DIR, or restore the file; nothing more is signed`,
  )
}

async function checkOne(
  db: Db,
  { integrated: size, root }: LogState,
  signed: Checkpoint,
  where: string,
): Promise<void> {
  if (signed.size > size) throw new LogRefusal(explainOlder(size, signed.size, where))
  if (await extendsIt(db, { size, root }, signed)) return
  throw new LogRefusal(
    `the database's log of ${size} entries is not the one whose ${signed.size} entries were signed (${where}): signing it would show two logs to the world; restore the right database, or see "undersigned log rebuild --help"`,
  )
}

async function extendsIt(
  db: Db,
  tree: { size: number; root: Uint8Array },
  signed: Checkpoint,
): Promise<boolean> {
  if (signed.size === tree.size) return equalBytes(signed.root, tree.root)
  if (signed.size === 0) return true
  const proof = await proveConsistency(signed.size, tree.size, createGetTile(db)).catch(
    (error: unknown) => {
      if (error instanceof MalformedError) return null
      throw error
    },
  )
  const claim = { from: signed.size, oldRoot: signed.root, to: tree.size, newRoot: tree.root }
  return proof !== null && verifyConsistency({ ...claim, proof })
}

function explainOlder(size: number, signed: number, where: string): string {
  return `the database's log has ${size} entries, and ${signed} were signed already (${where}): this database is older, as after the restore of a backup; nothing is signed until "undersigned log rebuild" has brought back what is missing`
}
