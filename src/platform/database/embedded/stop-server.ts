import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from './account.ts'
import { EmbeddedPostgresError, isRunning } from './errors.ts'
import {
  findSurvivors,
  inspectProcess,
  isAlive,
  isServer,
  ownerOf,
  type ProcessFacts,
  readPostmasterFile,
} from './processes.ts'

const LOOK_EVERY_MS = 25
const BEING_WRITTEN_MS = 500

type Step = readonly [signal: NodeJS.Signals | 0, patienceMs: number]

/** How a whole server is stopped: fast, then at once (its next start recovers), then by force. */
const STOP_SERVER: readonly Step[] = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 10_000],
  ['SIGKILL', 5_000],
]
/** After pg_ctl has asked and waited: on Windows each of Node's signals ends a process by force. */
const STOP_WINDOWS: readonly Step[] = [
  [0, 1_000],
  ['SIGKILL', 5_000],
]
/** For processes whose server is gone; during the first step they may notice it themselves. */
const STOP_SURVIVOR: readonly Step[] = [
  [0, 1_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
]

/**
 * Returns the `stop` of a server that is our child; it may be called any number of times. A program that
 * exits without it still takes the server down, though it cannot wait for it.
 */
export function stopServer(server: ChildProcess, data: string, pgCtl: string): () => Promise<void> {
  const onExit = () => server.kill('SIGINT')
  process.once('exit', onExit)
  let stopping: Promise<void> | null = null
  return () => {
    stopping ??= stopOnce(server, data, pgCtl).finally(() => process.off('exit', onExit))
    return stopping
  }
}

async function stopOnce(server: ChildProcess, data: string, pgCtl: string): Promise<void> {
  const hasEnded = () => server.exitCode !== null || server.signalCode !== null
  if (hasEnded()) return
  server.ref()
  const ended = once(server, 'exit').then(() => true)
  if (process.platform === 'win32') await run(null, pgCtl, ['stop', '-D', data, '-m', 'fast'])
  for (const [signal, patienceMs] of process.platform === 'win32' ? STOP_WINDOWS : STOP_SERVER) {
    if (hasEnded()) return
    if (signal) server.kill(signal)
    const patience = new AbortController()
    const late = sleep(patienceMs, false, { signal: patience.signal }).catch(() => false)
    if (await Promise.race([ended, late])) return patience.abort()
  }
}

/**
 * Makes way for a new server on this data folder: refuses while another program owns a live one,
 * stops one whose owner is gone, and ends the processes of one that was killed. PostgreSQL's own lock,
 * the postmaster.pid, decides between two starts at once; we only interpret it.
 *
 * @returns the pid in a stale postmaster.pid, which another program may have by now, or null
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
  const survivors = await findSurvivors(marker)
  await Promise.all(survivors.map((survivor) => endProcess(survivor, STOP_SURVIVOR)))
  return lock.pid
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

/** Whether it may be a server on this data folder, rather than a later program with the same pid. */
async function couldServe({ command }: ProcessFacts, data: string): Promise<boolean> {
  if (!/(^|[\\/])postgres(\.exe)?"?( |$)/.test(command)) return false
  const folder = / -D ?"?([^ "]+)/.exec(command)?.[1]
  return folder === undefined || (await realpath(folder).catch(() => data)) === data
}

/** Ends a process that is not our child, as seen by `inspectProcess`, one signal after the other. */
async function endProcess(target: ProcessFacts, steps: readonly Step[]): Promise<void> {
  for (const [signal, patienceMs] of steps) {
    if (!(await isStillThere(target))) return
    signalProcess(target.pid, signal)
    const deadline = performance.now() + patienceMs
    while (performance.now() < deadline) {
      if (!(await isStillThere(target))) return
      await sleep(LOOK_EVERY_MS)
    }
  }
  throw new EmbeddedPostgresError(
    `a PostgreSQL left over from an earlier run (process ${target.pid}) does not end; ` +
      'end it by hand or restart the machine',
  )
}

async function isStillThere({ pid, started }: ProcessFacts): Promise<boolean> {
  return (await inspectProcess(pid))?.started === started
}

function signalProcess(pid: number, signal: NodeJS.Signals | 0): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return // it just ended
    throw new EmbeddedPostgresError(
      `a PostgreSQL left over from an earlier run (process ${pid}) belongs to another user; ` +
        'start as that user or as root, or end it by hand',
    )
  }
}
