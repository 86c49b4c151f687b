import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import { ExpectedError } from '../platform/expected-error.ts'
import { hasOverride, stripUnseen } from '../platform/strip-unseen.ts'
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
  const clean = stripUnseen(name.replace(/\s+/g, ' ')).normalize('NFC').trim()
  if (!clean || clean.length > NAME_MAX) {
    throw new PartnerNameError(`the partner's name must have 1 to ${NAME_MAX} characters`)
  }
  if (hasOverride(clean)) {
    throw new PartnerNameError(
      "the partner's name has an unseen character that turns the writing round (U+202D or U+202E): type the name instead of pasting it",
    )
  }
  return insertPartnerLink(trx, {
    code: newPartnerCode(),
    petition_id: petition.id,
    name: clean,
    created_at: clock.now(),
  })
}
