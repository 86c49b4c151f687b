import type { Stage } from '../../faults/trial.ts'
import { untilHolds, wait } from '../../scale/wait.ts'
import type { Attack } from '../attack.ts'
import { flood } from '../parts/flood.ts'

/** Until a code is looked up, and then for the others to come. */
const LOOKED_UP_WITHIN_MS = 60_000
const STALLED_MS = 500

export const attack: Attack = {
  name: 'made-up-codes',
  what: 'made-up share codes that a partner could have (`/s/…`), as many as 16 connections carry',
  sizes: { short: 2, long: 30 },
  bearable: 1500,
  async run(stage, seconds) {
    const request = 'GET /s/{code} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    const [came, waiting] = await Promise.all([
      flood(stage, seconds, request, 404),
      stallLookups(stage),
    ])
    stage.check('they have one connection of the database', waiting === 1, `${waiting}`)
    return came
  },
}

/** Lets no look-up of a code through for a moment. @returns how many connections waited with one then */
async function stallLookups({ site }: Stage): Promise<number> {
  const client = await site.sql.connect()
  const countWaiting = async () => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int from pg_locks where relation = 'partner_link'::regclass and not granted`,
    )
    return rows[0]!.count
  }
  try {
    await client.query('begin')
    await client.query('lock table partner_link in access exclusive mode')
    await untilHolds(LOOKED_UP_WITHIN_MS, async () => (await countWaiting()) > 0)
    await wait(STALLED_MS)
    return await countWaiting()
  } finally {
    await client.query('rollback')
    client.release()
  }
}
