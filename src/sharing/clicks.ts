import type { FastifyBaseLogger } from 'fastify'
import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { ago, type Clock, DAY, MINUTE } from '../platform/clock.ts'
import { repeat } from '../platform/jobs/repeat.ts'
import type { Keyring } from '../platform/keyring.ts'
import { paceErrors } from '../platform/logger.ts'
import { clicksKey } from './share-code.ts'

/** Pages show so many days; older ones are deleted. */
const DAYS = 30
const WRITE_EVERY_MS = MINUTE
/** Links clicked in a minute; those beyond are not counted. Each needs a code that this site gave out. */
const MOST_LINKS = 20_000
const WRITTEN_TOGETHER = 1000

export interface DayOfClicks {
  /** As `2030-03-01`, in UTC. */
  day: string
  clicks: number
}

/**
 * How often share links are opened, as a number a day. Counted in memory and added to the table once a minute, so that
 * a flood of clicks costs no writing, and the table's order says nothing of moments. A process that is killed loses
 * its last minute.
 */
export function createClicks({ db, clock, keyring }: { db: Db; clock: Clock; keyring: Keyring }) {
  let counted = new Map<string, number>()
  let tidied = ''

  async function write(): Promise<void> {
    const taken = [...counted].map(([key, clicks]) => ({ ...fromKey(key), clicks }))
    counted = new Map()
    // Always in the same order: two processes that write the same rows never wait for each other in a circle.
    taken.sort((a, b) => Buffer.compare(a.link, b.link) || (a.day < b.day ? -1 : 1))
    try {
      while (taken.length > 0) {
        await addClicks(db, taken.slice(0, WRITTEN_TOGETHER))
        taken.splice(0, WRITTEN_TOGETHER)
      }
    } catch (error) {
      for (const { link, day, clicks } of taken) add(link, day, clicks)
      throw error
    }
    const today = dayOf(clock.now())
    if (tidied === today) return
    await db.deleteFrom('share_click').where('day', '<', firstDay()).execute()
    tidied = today
  }

  function add(link: Buffer, day: string, clicks: number): void {
    const key = `${link.toString('base64url')} ${day}`
    const before = counted.get(key)
    if (before === undefined && counted.size >= MOST_LINKS) return
    counted.set(key, (before ?? 0) + clicks)
  }

  const firstDay = () => dayOf(ago(clock, DAYS * DAY))

  return {
    /** @param code that this site gave out */
    note: (code: string) => add(clicksKey(keyring, code), dayOf(clock.now()), 1),
    /**
     * The last days with clicks, newest first. A day is shown once it is over: from a number that moves its holder could
     * tell at which moment somebody opened the link.
     */
    of: (code: string): Promise<DayOfClicks[]> =>
      db
        .selectFrom('share_click')
        .select(['day', 'clicks'])
        .where('link', '=', clicksKey(keyring, code))
        .where('day', '>=', firstDay())
        .where('day', '<', dayOf(clock.now()))
        .orderBy('day', 'desc')
        .execute(),
    /** Adds what was counted to the table. */
    write,
    /** Writes by the minute until it is stopped, and then once more. */
    keepWriting(logger: Pick<FastifyBaseLogger, 'warn'>) {
      const faults = paceErrors((fields) =>
        logger.warn(fields, 'clicks on share links could not be written: they are tried again'),
      )
      const loop = repeat({ every: WRITE_EVERY_MS, work: write, onError: faults.note })
      return {
        async stop() {
          await loop.stop()
          await write().catch(faults.note)
          faults.close()
        },
      }
    },
  }
}

const dayOf = (moment: Date) => moment.toISOString().slice(0, 10)

function fromKey(key: string): { link: Buffer; day: string } {
  const [link = '', day = ''] = key.split(' ')
  return { link: Buffer.from(link, 'base64url'), day }
}

async function addClicks(
  db: Db,
  rows: { link: Buffer; day: string; clicks: number }[],
): Promise<void> {
  await db
    .insertInto('share_click')
    .values(rows)
    .onConflict((oc) =>
      oc.columns(['link', 'day']).doUpdateSet({
        clicks: sql`least(share_click.clicks::bigint + excluded.clicks, 2000000000)`,
      }),
    )
    .execute()
}
