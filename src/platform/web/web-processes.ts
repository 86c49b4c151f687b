import cluster, { type Worker } from 'node:cluster'
import { setTimeout } from 'node:timers/promises'
import { gatherFromProcesses } from './process-metrics.ts'

/** Before one that ended is replaced: a fault that ends each at once must not take all the processor. */
const REPLACE_AFTER_MS = 1000

/** This process only hands connections out; the ones it began answer them. */
export const isSupervisor = (processes: number) => cluster.isPrimary && processes > 1

/** The first of several tells what runs; a process alone is its own first. */
export const tellsWhatRuns = () => cluster.worker === undefined || cluster.worker.id === 1

/**
 * Runs this very program several times behind one port, and begins another when one ends. The first
 * opens the port alone: what keeps it from starting is told once.
 *
 * @returns the exit code: not 0 when the first didn't get that far
 */
export async function superviseProcesses(
  count: number,
  askedToStop: Promise<void>,
  log: { error(fields: object, message: string): void },
): Promise<number> {
  let stopping = false
  const first = cluster.fork()
  const code = await Promise.race([untilListening(first), untilEnded(first)])
  if (code !== 'listening') return code || 1
  gatherFromProcesses()
  for (let begun = 1; begun < count; begun++) cluster.fork()
  cluster.on('exit', async (worker, exitCode, signal) => {
    if (stopping) return
    log.error({ pid: worker.process.pid, code: exitCode, signal }, 'a web process ended')
    await setTimeout(REPLACE_AFTER_MS)
    if (!stopping) cluster.fork()
  })
  await askedToStop
  stopping = true
  const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
  await Promise.all(
    workers.map((worker) => {
      const ended = untilEnded(worker)
      worker.process.kill('SIGTERM')
      return ended
    }),
  )
  return 0
}

const untilListening = (worker: Worker) =>
  new Promise<'listening'>((resolve) => worker.once('listening', () => resolve('listening')))

const untilEnded = (worker: Worker) =>
  new Promise<number>((resolve) => worker.once('exit', (code) => resolve(code)))
