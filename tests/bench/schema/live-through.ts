import { randomBytes } from 'node:crypto'
import {
  readSignatures,
  writeConfirmations,
} from '../../../src/confirmation/confirmation.queries.ts'
import { lockToSeal, replaceDetails } from '../../../src/sealing/seal/sealing.queries.ts'
import type { NewSignature } from '../../../src/signature/intake/intake.queries.ts'
import { markMailed } from '../../../src/signature/signature.queries.ts'
import { TAG_BYTES } from './layouts.ts'
import type { Side } from './side.ts'

/** About as long as encrypted details are. */
const DETAILS_BYTES = 240
const COMMITMENT_BYTES = 32

export function newSignature({ layout }: Side): NewSignature {
  return {
    petitionId: 1,
    textVersion: 1,
    consentVersion: 1,
    display: 'hidden',
    updates: false,
    country: 'DE',
    language: 'en',
    source: null,
    ref: null,
    tag: randomBytes(layout.tagBytes ?? TAG_BYTES),
    details: randomBytes(DETAILS_BYTES),
    now: new Date(),
    to: '',
  }
}

export const mailBatch = (side: Side, ids: string[]) => markMailed(side.db, ids, new Date())

export const confirmBatch = async (side: Side, ids: string[]) => {
  const read = await readSignatures(side.db, ids)
  const given = read.map((signature) => ({ signature, name: null, comment: null }))
  const confirmed = await writeConfirmations(side.db, given, new Date())
  if (confirmed.size !== ids.length) throw new Error('not all of a batch were confirmed')
}

/** The record itself costs every layout the same: a byte stands for it. */
export const sealBatch = (side: Side, ids: string[]) =>
  side.db.transaction().execute(async (trx) => {
    const locked = await lockToSeal(trx, ids)
    if (locked.length !== ids.length) throw new Error('not all of a batch can be sealed')
    const commitment = randomBytes(COMMITMENT_BYTES)
    const sealed = randomBytes(1)
    await replaceDetails(
      trx,
      locked.map(({ id }) => ({ petitionId: 1, id, commitment, sealed })),
    )
  })
