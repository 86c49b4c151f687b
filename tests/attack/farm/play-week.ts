import { DAY, MINUTE } from '../../../src/platform/clock.ts'
import { grouped, type Table } from '../../faults/table.ts'
import { openTestServer } from '../../runner/open-test-server.ts'
import { startHarness } from '../../support/harness.ts'
import { checkPublicLog } from '../../support/public-log.ts'
import { makeCrowd, makeFarm } from './people.ts'
import { type Ends, playFarm } from './run-farm.ts'

const WEEK = { honest: 10_000, span: 7 * DAY }
const FARM = { forms: 5000, mailboxes: 1000, domains: 50, prefixes: 300, from: 2 * DAY, until: 6 * DAY } // biome-ignore format: one farm

export const BOT_FARM = {
  name: 'bot-farm',
  what: 'a week of a campaign with a farm of bots in it, played in minutes',
  sizes: { short: 0, long: WEEK.honest + FARM.forms },
}

export const FARM_ENDS: Table = {
  begin: '<!-- npm run attack -- bot-farm --write -->',
  head: [
    '| who | forms | refused | mail late | confirmed, one a mailbox | counted in the end | voided by rule |',
    '|---|---|---|---|---|---|---|',
  ],
}

/** A week of a campaign with a farm of bots in it, played in minutes. @returns rows of FARM_ENDS, and what did not hold */
export async function playWeek(tell: (line: string) => void) {
  const server = await openTestServer()
  Object.assign(process.env, server.environment)
  const harness = await startHarness({ TRUST_PROXY: 'loopback' }, { guard: true })
  try {
    const signers = [...makeCrowd(WEEK, 1), ...makeFarm(FARM, 2)]
    const result = await playFarm(harness, signers, { step: 15 * MINUTE, tell })
    const { honest, bots } = result
    await checkPublicLog(harness)
    tell(`${result.alerts} alerts, ${result.quarantines} quarantines`)
    const failures = [
      ...(honest.refused > 0 ? [`${honest.refused} honest forms were refused`] : []),
      ...(honest.voided > 0.005 * honest.confirmed ? [`${honest.voided} honest voided`] : []),
      ...(bots.voided < 0.9 * bots.confirmed ? [`only ${bots.voided} bots voided`] : []),
    ]
    const row = (name: string, ends: Ends) =>
      `| \`${name}\` | ${[ends.forms, ends.refused, ends.late, ends.confirmed, ends.counted, ends.voided].map(grouped).join(' | ')} |`
    return {
      rows: [row('honest', honest), row('bots', bots)],
      failures,
    }
  } finally {
    await harness.close()
    await server.close()
  }
}
