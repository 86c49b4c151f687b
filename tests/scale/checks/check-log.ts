import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import type { Checkpoint } from '../../../src/log/core/note/checkpoint.ts'
import { checkPublicLog, listEntries } from '../../support/public-log.ts'
import type { Findings } from '../report.ts'
import { untilHolds } from '../wait.ts'

interface Site {
  origin: string
  sql: Pick<pg.Pool, 'query'>
  /** Folders of the nodes that write the log. */
  logFolders: string[]
}

/** A cache may hold the checkpoint before the last for two seconds. */
const CHECKPOINT_KEPT_MS = 5000

/**
 * What is sealed is in the public log, once, and the log is what it was signed to be.
 *
 * @param earlier checkpoints that the log has to extend
 */
export async function checkLog(
  site: Site,
  report: Findings,
  earlier: Checkpoint[] = [],
): Promise<void> {
  await untilHolds(
    CHECKPOINT_KEPT_MS,
    async () => (await readSize(site)) === (await countEntries(site)),
  )
  const { checkpoint } = await checkPublicLog(site, earlier)
  const commitments = (await listEntries(site))
    .filter((entry) => entry.startsWith('sign/v1'))
    .map((entry) => entry.split(' ')[3]!)
  const { rows } = await site.sql.query<{ commitment: Buffer }>(
    'select commitment from sealed_record',
  )
  const told = new Set(commitments)
  const missing = rows.filter(({ commitment }) => !told.has(commitment.toString('base64')))
  report.check(
    'every one is in the public log exactly once, and the log verifies',
    missing.length === 0 && told.size === commitments.length && told.size === rows.length,
    `${commitments.length} entries of signatures, ${commitments.length - told.size} twice, ${missing.length} missing, ${checkpoint.size} entries in all`,
  )
  const note = Buffer.from(await (await fetch(`${site.origin}/log/checkpoint`)).arrayBuffer())
  const copies = await Promise.all(
    site.logFolders.map((folder) => readFile(join(folder, 'log/checkpoint'))),
  )
  report.check(
    'a worker keeps the whole log outside the database',
    copies.some((copy) => copy.equals(note)),
    `${copies.filter((copy) => copy.equals(note)).length} of ${copies.length} copies are the newest`,
  )
}

/** Of the checkpoint that the public is shown: its second line (c2sp.org/tlog-checkpoint). */
async function readSize({ origin }: Site): Promise<number> {
  return Number((await (await fetch(`${origin}/log/checkpoint`)).text()).split('\n')[1])
}

async function countEntries({ sql }: Site): Promise<number> {
  const { rows } = await sql.query<{ published: string }>('select published from log_state')
  return Number(rows[0]!.published)
}
