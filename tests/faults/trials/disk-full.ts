import { execFileSync } from 'node:child_process'
import { untilHolds, wait } from '../../scale/wait.ts'
import type { Stage, Trial } from '../trial.ts'

const LASTS_MS = 10_000
const LOG_WITHIN_MS = 20_000
const TABLES = ['submission', 'signature', 'log_state', 'tally', 'graphile_worker._private_jobs']

/**
 * The program's disk: no file of its processes grows (RLIMIT_FSIZE), to every user and on any file system alike. The
 * database's: each statement that writes is answered with 53100, as PostgreSQL does when it finds no room.
 */
export const trial: Trial = {
  name: 'disk-full',
  what: 'no room on the disk of the program, then of PostgreSQL (53100), then of both, for 10 s',
  sizes: { short: 0, long: 12 },
  site: { nodes: ['start', 'worker'] },
  allows: { refusals: true, mailsEach: 2 },
  async run(stage, size) {
    const { site, crowd, ran, check } = stage
    for (let nth = 0; nth < size; nth++) {
      const ofProgram = nth % 3 !== 1
      const ofDatabase = nth % 3 !== 0
      if (ofProgram) limitFiles(stage, '0')
      if (ofDatabase) await refuseWrites(stage)
      await wait(LASTS_MS)
      const before = await publishedSize(stage)
      if (ofDatabase) await takeWrites(stage)
      if (ofProgram) limitFiles(stage, 'unlimited')
      ran(await crowd.untilTaken())
      const grown = await untilHolds(LOG_WITHIN_MS, async () => {
        return (await publishedSize(stage)) > before
      })
      check('the log goes on', grown !== null, `no new entry within ${LOG_WITHIN_MS} ms`)
    }
    check('the log is kept beside each worker', site.logFolders.length > 0, 'no folder')
  },
}

function limitFiles({ site }: Stage, size: string): void {
  for (const { part } of site.nodes)
    execFileSync('prlimit', [`--pid=${part.pid}`, `--fsize=${size}:`])
}

async function refuseWrites({ site }: Stage): Promise<void> {
  await site.sql.query(`
    create or replace function no_room() returns trigger language plpgsql as
      $$ begin raise 'could not extend file: No space left on device' using errcode = '53100'; end $$`)
  for (const table of TABLES) {
    await site.sql.query(`
      create or replace trigger no_room before insert or update or delete on ${table}
      for each statement execute function no_room()`)
  }
}

async function takeWrites({ site }: Stage): Promise<void> {
  for (const table of TABLES) await site.sql.query(`drop trigger no_room on ${table}`)
}

async function publishedSize({ site }: Stage): Promise<number> {
  const { rows } = await site.sql.query('select coalesce(published, 0) as size from log_state')
  return Number(rows[0]!.size)
}
