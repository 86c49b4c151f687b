import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import { enqueueSlice, SEND_UPDATE } from './send-slice.ts'

/** Once a minute: a broadcast whose job was given up, as after many killed workers, gets another one. */
export async function keepSending(db: Db): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: number }>`
      select id from broadcast
       where state = 'sending' and not exists (
         select from graphile_worker.jobs
          where key = ${`${SEND_UPDATE}:`} || broadcast.id and attempts < max_attempts)`.execute(
      trx,
    )
    for (const { id } of rows) await enqueueSlice(trx, id)
    return rows.length
  })
}
