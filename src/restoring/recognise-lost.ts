import type { Db } from '../database.ts'
import { tagsFile } from '../log/log-folder.ts'
import { readKeptTags } from '../log/mailbox-tags.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { setLostTags } from '../signature/store/signatures.ts'
import { withdrawSignature } from '../signature/withdraw-signature.ts'
import type { LostSignature } from './rebuild.queries.ts'

/**
 * Gives lost signatures the mailbox tags that this node has kept. Who has signed again already counts once,
 * by what came later: the lost one is withdrawn.
 */
export async function recogniseLost(
  trx: Db,
  needs: { config: { dataDir: string }; clock: Clock; keyring: Keyring },
  petitions: Petition[],
  lost: LostSignature[],
): Promise<void> {
  const indexes = lost.map(({ index }) => index)
  const known = await readKeptTags(tagsFile(needs.config), indexes)
  const tags = lost.flatMap(({ id, index }) => {
    const tag = known.get(index)
    return tag ? [{ id, tag }] : []
  })
  for (const id of await setLostTags(trx, tags)) {
    const { petitionId } = lost.find((each) => each.id === id)!
    await withdrawSignature(trx, needs, petitions.find((each) => each.id === petitionId)!, id)
  }
}
