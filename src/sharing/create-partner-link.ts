import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import { ExpectedError } from '../platform/expected-error.ts'
import { insertPartnerLink } from './partner-link.queries.ts'
import { newPartnerCode } from './share-code.ts'

const NAME_MAX = 80

export class PartnerNameError extends ExpectedError {}

/**
 * A partner's share code. Asking again with the same name gives the same code.
 * @throws PartnerNameError
 */
export async function createPartnerLink(
  trx: Db,
  clock: Clock,
  petition: Petition,
  name: string,
): Promise<{ code: string; name: string }> {
  const clean = name.normalize('NFC').trim().replace(/\s+/g, ' ')
  if (!clean || clean.length > NAME_MAX || /\p{Cc}/u.test(clean)) {
    throw new PartnerNameError(`the partner's name must have 1 to ${NAME_MAX} characters`)
  }
  return insertPartnerLink(trx, {
    code: newPartnerCode(),
    petition_id: petition.id,
    name: clean,
    created_at: clock.now(),
  })
}
