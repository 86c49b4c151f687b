import type { Db } from '../database.ts'
import { parseEntry } from '../log/core/entry/entry-line.ts'
import { getEntry } from '../log/store/bundles-and-tiles.ts'
import { findByIndex } from '../log/store/entry-indexes.ts'
import type { Petition } from '../petition/petition.ts'
import type { SignatureToVoid } from './voiding.queries.ts'

/** What an entry's number stands for. */
export type Standing =
  /** A signature of the petition that counts. */
  | 'standing'
  | 'already voided'
  /** Its signer left, and nothing tells any more whose it was. */
  | 'withdrawn'
  | 'of another petition'
  /** A text, a key, somebody's leaving. */
  | 'no signature'
  | 'beyond the log'

export interface PlacedSignature extends SignatureToVoid {
  index: number
}

/** @param find reads the signatures of these ids, and may hold them */
export async function findEntries(
  db: Db,
  petition: Petition,
  indexes: number[],
  find: (db: Db, ids: string[]) => Promise<SignatureToVoid[]>,
): Promise<{ signatures: PlacedSignature[]; outcome: Record<Standing, number[]> }> {
  const outcome: Record<Standing, number[]> = {
    standing: [],
    'already voided': [],
    withdrawn: [],
    'of another petition': [],
    'no signature': [],
    'beyond the log': [],
  }
  const placed = await findByIndex(db, indexes)
  const found = await find(
    db,
    placed.map(({ signatureId }) => signatureId),
  )
  const byId = new Map(found.map((signature) => [signature.id, signature]))
  const byIndex = new Map(placed.map(({ index, signatureId }) => [index, byId.get(signatureId)]))
  const signatures: PlacedSignature[] = []
  for (const index of new Set(indexes)) {
    const signature = byIndex.get(index)
    const standing = signature ? standingOf(signature, petition) : await lookUp(db, petition, index)
    outcome[standing].push(index)
    if (signature && standing === 'standing') signatures.push({ ...signature, index })
  }
  return { signatures, outcome }
}

function standingOf({ state, petition_id }: SignatureToVoid, { id }: Petition): Standing {
  if (petition_id !== id) return 'of another petition'
  if (state === 'voided') return 'already voided'
  // One that left between the two looks has no place any more.
  return state === 'confirmed' ? 'standing' : 'withdrawn'
}

async function lookUp(db: Db, { slug }: Petition, index: number): Promise<Standing> {
  const bytes = await getEntry(db, index)
  if (!bytes) return 'beyond the log'
  const entry = parseEntry(bytes)
  if (entry.kind !== 'sign') return 'no signature'
  return entry.slug === slug ? 'withdrawn' : 'of another petition'
}
