import type { Db } from '../database.ts'

export async function selectProved(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('proved_recipient').select('recipient').execute()
  return rows.map((row) => row.recipient)
}

export async function insertProof(db: Db, recipient: string, now: Date): Promise<void> {
  await db
    .insertInto('proved_recipient')
    .values({ recipient, proved_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
