import type { Db, PartnerLinkTable } from '../database.ts'

export async function findPartnerLink(db: Db, code: string): Promise<PartnerLinkTable | null> {
  const row = await db
    .selectFrom('partner_link')
    .selectAll()
    .where('code', '=', code)
    .executeTakeFirst()
  return row ?? null
}

export async function listPartnerLinks(db: Db, petitionId: number): Promise<PartnerLinkTable[]> {
  return db
    .selectFrom('partner_link')
    .selectAll()
    .where('petition_id', '=', petitionId)
    .orderBy('name')
    .execute()
}

/** The link as it now is: the same name gets the code it had. */
export async function insertPartnerLink(
  trx: Db,
  link: PartnerLinkTable,
): Promise<PartnerLinkTable> {
  await trx
    .insertInto('partner_link')
    .values(link)
    .onConflict((oc) => oc.columns(['petition_id', 'name']).doNothing())
    .execute()
  return trx
    .selectFrom('partner_link')
    .selectAll()
    .where('petition_id', '=', link.petition_id)
    .where('name', '=', link.name)
    .executeTakeFirstOrThrow()
}
