import { realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedPostgresError, isRunning } from './embedded-error.ts'
import { endProcess, STOP_SERVER, STOP_SURVIVOR } from './end-process.ts'
import { inspectProcess, type ProcessFacts } from './inspect-process.ts'
import { isAlive } from './owner.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import { findSurvivors, isServer, ownerOf } from './recognise-server.ts'

const BEING_WRITTEN_MS = 500

/**
 * Makes way for a new server on this data folder: refuses while another program owns a live one,
 * stops one whose owner is gone, and ends what a killed one left behind. PostgreSQL's own lock, the
 * postmaster.pid, decides between two starts at once; we only interpret it.
 *
 * @returns the pid in a stale postmaster.pid, which now may be anybody's, or null
 */
export async function clearPredecessor(data: string, marker: string): Promise<number | null> {
  const lock = await readLock(data)
  if (!lock) return null
  const found = await inspectProcess(lock.pid)
  if (found && isServer(found, marker)) {
    const owner = ownerOf(found)
    if (owner && (await isAlive(owner))) throw isRunning(owner.pid)
    await endProcess(found, STOP_SERVER)
    return clearPredecessor(data, marker)
  }
  if (found && (await couldServe(found, data))) {
    throw new EmbeddedPostgresError(
      `a PostgreSQL that this program did not start (process ${found.pid}) runs on ${data}; ` +
        'stop it, or set DATA_DIR',
    )
  }
  await Promise.all(
    (await findSurvivors(marker)).map((survivor) => endProcess(survivor, STOP_SURVIVOR)),
  )
  return lock.pid
}

/** Whether it may be somebody's server on this data folder, rather than a later user of the pid. */
async function couldServe({ command }: ProcessFacts, data: string): Promise<boolean> {
  if (!/(^|[\\/])postgres(\.exe)?"?( |$)/.test(command)) return false
  const folder = / -D ?"?([^ "]+)/.exec(command)?.[1]
  return folder === undefined || (await realpath(folder).catch(() => data)) === data
}

/** A full disk can leave the file empty; PostgreSQL would then refuse to start for ever. */
async function readLock(data: string) {
  const lock = await readPostmasterFile(data)
  if (!lock || !Number.isNaN(lock.pid)) return lock
  await sleep(BEING_WRITTEN_MS)
  const again = await readPostmasterFile(data)
  if (!again || !Number.isNaN(again.pid)) return again
  await rm(join(data, 'postmaster.pid'), { force: true })
  return null
}
