import type { Resolver } from 'node:dns/promises'
import { setTimeout } from 'node:timers/promises'
import type { Config } from '../../config.ts'
import { SECOND } from '../../platform/clock.ts'
import { examine } from './examine.ts'
import type { Finding } from './finding.ts'
import { listDatabaseChecks, listOwnChecks, type Wishes } from './list-checks.ts'
import { closeDatabases, type Means, openDatabases, readMeans } from './open-means.ts'

/** Of what needs no database; the rest has what is left after the database was, or was not, reached. */
const DEADLINE_MS = 13 * SECOND
const CLOSE_MS = SECOND

/** Everything side by side, so that the end comes soon also where all of it hangs. */
export async function examineSite(
  config: Config,
  wishes: Wishes,
  { resolver, ca, deadline = DEADLINE_MS }: { resolver: Resolver; ca?: string; deadline?: number },
): Promise<Finding[]> {
  const means = await readMeans(config, { resolver, ca })
  const [own, ofDatabase] = await Promise.all([
    examine(listOwnChecks(means, wishes), deadline),
    examineDatabase(means, deadline),
  ])
  return [...own, ...ofDatabase]
}

async function examineDatabase(means: Means, deadline: number): Promise<Finding[]> {
  const opened = await openDatabases(means, deadline / 3)
  const findings = await examine(listDatabaseChecks(means, opened), (deadline * 2) / 3)
  await Promise.race([closeDatabases(opened).catch(() => {}), setTimeout(CLOSE_MS)])
  return findings
}
