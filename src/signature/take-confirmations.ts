import type { Db } from '../database.ts'
import type { Petitions } from '../petition/petitions.ts'
import type { Clock } from '../platform/clock.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { LinkToken } from '../platform/link-token.ts'
import { createMicroBatch, type MicroBatch } from '../platform/micro-batch.ts'
import { type ConfirmOutcome, confirmSignatures } from './confirm-signatures.ts'

/** Rows a statement, and statements at a time: as for the intake. */
const LIMIT = 200
const LANES = 1

/** Confirms signatures, many in one statement. `add` settles when the confirmation is durable. */
export type Confirmations = MicroBatch<LinkToken, ConfirmOutcome>

export function createConfirmations(
  db: Db,
  needs: { clock: Clock; keyring: Keyring; petitions: Petitions },
): Confirmations {
  return createMicroBatch({
    limit: LIMIT,
    lanes: LANES,
    isCommon: isDatabaseAway,
    async write(links) {
      const petitions = await needs.petitions.all()
      return confirmSignatures(db, needs, petitions, links)
    },
  })
}
