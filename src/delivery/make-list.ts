import type { Db } from '../database.ts'
import type { Papers } from '../paper/papers.ts'
import { writeZip, type ZipFile } from '../platform/files/write-zip.ts'
import type { Signatures } from '../signature/signatures.ts'
import type { Delivery } from './gather-delivery.ts'
import { folderOf } from './make-pack.ts'
import { withSums } from './write-manifest.ts'
import { listReadmeOf } from './write-readme.ts'

export interface ListNeeds {
  papers: Pick<Papers, 'readScanIn'>
  signatures: Pick<Signatures, 'readSealed'>
}

/** Says of files and folders that nobody else should have them: whoever finds a key one day could read them. */
export const ORGANISERS = 'for-organisers-only'
const LIST = 'signatures.jsonl'

/**
 * The ZIP that the organisers keep: the list of signers and the scans of sheets, as they are sealed. Neither is ever in
 * memory as a whole.
 *
 * @param trx of `gatherDelivery`
 */
export function makeList(
  trx: Db,
  needs: ListNeeds,
  delivery: Delivery,
): AsyncGenerator<Uint8Array> {
  const { made } = delivery
  const folder = `${folderOf(delivery)}-${ORGANISERS}`
  return writeZip(withSums(listFiles(trx, needs, delivery), { folder }), { made })
}

async function* listFiles(
  trx: Db,
  { papers, signatures }: ListNeeds,
  delivery: Delivery,
): AsyncGenerator<ZipFile> {
  const { petition, paper } = delivery
  // A scan that only the log remembers is lost.
  const scans = paper
    .filter(({ size }) => size > 0)
    .map(({ id, collectedOn }) => ({ id, path: `paper-${id}-${collectedOn}.age` }))
  const list = petition.settings.recipients.length > 0 ? LIST : null
  const readme = listReadmeOf(delivery, { list, scans: scans.map(({ path }) => path) })
  yield { path: 'README.txt', content: [readme] }
  if (list) yield { path: list, content: signatures.readSealed(trx, petition) }
  for (const { id, path } of scans) {
    yield { path, content: papers.readScanIn(trx, id), isStored: true }
  }
}
