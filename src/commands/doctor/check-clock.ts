import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { Witness } from '../../log/witnesses/parse-witnesses.ts'
import { type Clock, SECOND } from '../../platform/clock.ts'
import { ask } from './ask.ts'
import { type Finding, fault, inWords, ok, unchecked } from './finding.ts'

/** Jobs become due by the database's clock, and rows are marked by this one's. */
const MOST_APART_MS = 5 * SECOND
/** A Date header has whole seconds. Witnesses refuse a checkpoint that is five minutes off. */
const MOST_APART_BY_HEADER_MS = 30 * SECOND
const WITNESS_PATIENCE_MS = 8 * SECOND

const REMEDY = 'let NTP set the clock of each machine (timedatectl shows whether it does)'

export async function checkDatabaseClock(db: Db, clock: Clock): Promise<Finding> {
  const about = 'clock'
  const before = clock.now().getTime()
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db)
  const after = clock.now().getTime()
  const apart = distance(rows[0]!.now.getTime(), before, after)
  const found = `${inWords(apart)} between this machine and the database`
  return apart > MOST_APART_MS ? fault(about, found, REMEDY) : ok(about, found)
}

/** @param answered moments between which `date` was written */
export function compareDate(
  about: string,
  whose: string,
  date: string | undefined,
  answered: { before: number; after: number },
): Finding {
  const time = Date.parse(date ?? '')
  if (Number.isNaN(time)) return unchecked(about, `${whose} gives no Date`)
  const apart = distance(time, answered.before - SECOND, answered.after)
  const found = `${inWords(apart)} between this machine and ${whose}`
  return apart > MOST_APART_BY_HEADER_MS ? fault(about, found, REMEDY) : ok(about, found)
}

/** Any answer has a Date, a refusal too; nothing is signed by asking. */
export async function checkWitnessClock(
  { key, url }: Witness,
  { clock, ca }: { clock: Clock; ca?: string },
): Promise<Finding> {
  const about = `witness ${key.name}`
  const before = clock.now().getTime()
  try {
    const { headers } = await ask(url, { ca, patience: WITNESS_PATIENCE_MS })
    const after = clock.now().getTime()
    return compareDate(about, 'the witness', headers.date, { before, after })
  } catch (error) {
    const found = `does not answer at its address (${(error as Error).message})`
    return fault(about, found, 'ask its operator, or correct its address in LOG_WITNESSES')
  }
}

/** Zero when `time` lies between the two. */
const distance = (time: number, before: number, after: number) =>
  Math.max(0, before - time, time - after)
