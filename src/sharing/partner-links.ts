import type { Db, PartnerLinkTable } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import { ExpectedError } from '../platform/expected-error.ts'
import { hasOverride, stripUnseen } from '../platform/strip-unseen.ts'
import { PARTNER_PREFIX } from './attribution.ts'
import { newPartnerCode } from './share-code.ts'

const NAME_MAX = 80

class PartnerNameError extends ExpectedError {}

/**
 * A partner's share code. The same name gets the same code again.
 * @throws PartnerNameError
 */
export async function createPartnerLink(
  trx: Db,
  clock: Clock,
  petition: Petition,
  name: string,
): Promise<PartnerLinkTable> {
  const link = {
    code: newPartnerCode(),
    petition_id: petition.id,
    name: readName(name),
    created_at: clock.now(),
  }
  await trx
    .insertInto('partner_link')
    .values(link)
    .onConflict((oc) => oc.columns(['petition_id', 'name']).doNothing())
    .execute()
  return trx
    .selectFrom('partner_link')
    .selectAll()
    .where('petition_id', '=', petition.id)
    .where('name', '=', link.name)
    .executeTakeFirstOrThrow()
}

function readName(name: string): string {
  const clean = stripUnseen(name.replace(/\s+/g, ' ')).normalize('NFC').trim()
  if (!clean || clean.length > NAME_MAX) {
    throw new PartnerNameError(`the partner's name must have 1 to ${NAME_MAX} characters`)
  }
  if (hasOverride(clean)) {
    throw new PartnerNameError(
      "the partner's name has an unseen character that turns the writing round (U+202D or U+202E): type the name instead of pasting it",
    )
  }
  return clean
}

/**
 * Rows of the source breakdown with partners under their names, for the organisers. A partner with the
 * name of another source keeps its code beside the name, so that no two rows look alike.
 */
export async function namePartners<Row extends { key: string }>(
  db: Db,
  petitionId: number,
  rows: Row[],
): Promise<Row[]> {
  const links = await db
    .selectFrom('partner_link')
    .select(['code', 'name'])
    .where('petition_id', '=', petitionId)
    .execute()
  const names = new Map(links.map(({ code, name }) => [`${PARTNER_PREFIX}${code}`, name]))
  const taken = new Set(rows.map((row) => row.key))
  return rows.map((row) => {
    const name = names.get(row.key)
    if (name === undefined) return row
    const code = row.key.slice(PARTNER_PREFIX.length)
    return { ...row, key: taken.has(name) ? `${name} (${code})` : name }
  })
}

/** For a petition that is deleted: its links lead nowhere. */
export async function deletePartnerLinks(trx: Db, petitionId: number): Promise<void> {
  await trx.deleteFrom('partner_link').where('petition_id', '=', petitionId).execute()
}
