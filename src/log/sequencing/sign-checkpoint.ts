import type { Db } from '../../database.ts'
import { formatCheckpoint } from '../core/note/checkpoint.ts'
import { signNote } from '../core/note/sign-note.ts'
import { keepSigned } from '../log-folder.ts'
import { setSigned } from '../store/log-state.ts'
import { checkExtends } from './check-extends.ts'
import { holdLog, type LogWriter } from './log-writer.ts'

/**
 * Step 3: signs the tree, if it extends everything that was ever signed. The file outside the database
 * is written first, the checkpoint in the database by compare and swap on the size. A crash between the
 * two leaves a file that the tree, which is durable, extends: nobody has seen the checkpoint, and the
 * next run signs it again. Ed25519 gives the same signature for the same text.
 *
 * @returns the signed checkpoint; null when another node writes, or the tree lags behind
 * @throws LogRefusal when the database's log isn't an extension of the checkpoints signed before
 */
export async function signCheckpoint(
  db: Db,
  writer: Pick<LogWriter, 'signer' | 'folder'>,
): Promise<{ size: number; note: Uint8Array } | null> {
  return holdLog(db, async (trx) => {
    const state = await checkExtends(trx, writer)
    const { integrated: size, sequenced, root, signed, signedNote } = state
    if (size !== sequenced) return null
    if (signed === size) {
      await keepSigned(writer.folder, signedNote!)
      return { size, note: signedNote! }
    }
    const { signer, folder } = writer
    const note = signNote(formatCheckpoint({ origin: signer.key.name, size, root }), [signer])
    await keepSigned(folder, note)
    return (await setSigned(trx, { before: signed, size, note })) ? { size, note } : null
  })
}
