import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedPostgresError } from './embedded-error.ts'
import { inspectProcess, type ProcessFacts } from './inspect-process.ts'

const LOOK_EVERY_MS = 25

export type Step = readonly [signal: NodeJS.Signals | 0, patienceMs: number]

/** How a whole server is stopped: fast, then at once (its next start recovers), then by force. */
export const STOP_SERVER: readonly Step[] = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 10_000],
  ['SIGKILL', 5_000],
]

/** For processes of a server that is gone; 0 is the time that they have to notice it themselves. */
export const STOP_SURVIVOR: readonly Step[] = [
  [0, 1_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
]

/** Ends a process that is not our child, as seen by `inspectProcess`, one signal after the other. */
export async function endProcess(target: ProcessFacts, steps: readonly Step[]): Promise<void> {
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
