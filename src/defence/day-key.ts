import { createHmac } from 'node:crypto'
import type { Db } from '../database.ts'
import type { Clock } from '../platform/clock.ts'
import { readDaySalt } from './flow.queries.ts'

/**
 * The key of one day (UTC) for hashes of networks, domains and addresses, the same on all nodes. Half of it follows from
 * SECRET_KEY, half is a random row that is deleted with the first look at the next day: from then on nobody can
 * make its hashes again.
 */
export function createDayKey({ db, clock, key }: { db: Db; clock: Clock; key: Buffer }) {
  let held: { day: string; key: Buffer } | null = null
  const today = () => clock.now().toISOString().slice(0, 10)
  return {
    /** Null until `read` has been here, and at the beginning of a day. */
    current: (): Buffer | null => (held?.day === today() ? held.key : null),
    async read(): Promise<Buffer> {
      const day = today()
      if (held?.day !== day) {
        held = {
          day,
          key: createHmac('sha256', key)
            .update(await readDaySalt(db, day))
            .digest(),
        }
      }
      return held.key
    },
  }
}

export type DayKey = ReturnType<typeof createDayKey>
