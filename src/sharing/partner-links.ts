import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import { ExpectedError } from '../platform/expected-error.ts'
import { hasOverride, stripUnseen } from '../platform/strip-unseen.ts'
import { PARTNER_PREFIX } from './attribution.ts'
import { newPartnerCode } from './share-code.ts'
import type { PartnerLinkTable } from './sharing.table.ts'

const NAME_MAX = 80

class PartnerNameError extends ExpectedError {}

/**
 * A partner's share code. The same name gets the same code again.
 * @throws PartnerNameError
 */
export async function createPartnerLink(
  trx: Db,
  acting: Acting,
  petition: Petition,
  name: string,
): Promise<PartnerLinkTable> {
  const link = {
    code: newPartnerCode(),
    petition_id: petition.id,
    name: readName(name),
    created_at: acting.clock.now(),
  }
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('partner_link')
    .values(link)
    .onConflict((oc) => oc.columns(['petition_id', 'name']).doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows) {
    const after = { code: link.code, name: link.name }
    await noteAction(trx, acting, { what: 'link create', petition, after })
  }
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

/** By name. */
export function listPartnerLinks(db: Db, petitionId: number): Promise<PartnerLinkTable[]> {
  return db
    .selectFrom('partner_link')
    .selectAll()
    .where('petition_id', '=', petitionId)
    .orderBy('name')
    .execute()
}

/** @returns null for a code of nobody */
export async function findPartner(db: Db, code: string): Promise<PartnerLinkTable | null> {
  const found = await db
    .selectFrom('partner_link')
    .selectAll()
    .where('code', '=', code)
    .executeTakeFirst()
  return found ?? null
}

/** For a petition that is deleted. @returns their codes, which were given out */
export async function deletePartnerLinks(trx: Db, petitionId: number): Promise<string[]> {
  const deleted = await trx
    .deleteFrom('partner_link')
    .where('petition_id', '=', petitionId)
    .returning('code')
    .execute()
  return deleted.map(({ code }) => code)
}
