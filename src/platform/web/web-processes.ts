import cluster, { type Worker } from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { AggregatorRegistry, type Registry } from 'prom-client'

/** Pause before a process that ended is replaced: one that fails at start must not use up the CPU. */
const REPLACE_AFTER_MS = 1000
const ASKED = 'undersigned:metrics'

/** This process only hands connections out; the ones it began answer them. */
export const isSupervisor = (processes: number) => cluster.isPrimary && processes > 1

/** Whether this process prints the start lines: the first of several, or the only one. */
export const tellsWhatRuns = () => cluster.worker === undefined || cluster.worker.id === 1

/**
 * Runs this program several times behind one port (Node's cluster), and replaces a process that ends. The first
 * one starts alone, so that a reason why none can start is printed once.
 *
 * @returns the exit code: not 0 when the first didn't come to listen
 */
export async function superviseProcesses(
  count: number,
  askedToStop: Promise<void>,
  logger: { error(fields: object, message: string): void },
): Promise<number> {
  let stopping = false
  const first = cluster.fork()
  const code = await Promise.race([untilListening(first), untilEnded(first)])
  if (code !== 'listening') return code || 1
  gatherFromProcesses()
  for (let begun = 1; begun < count; begun++) cluster.fork()
  cluster.on('exit', async (worker, exitCode, signal) => {
    if (stopping) return
    logger.error({ pid: worker.process.pid, code: exitCode, signal }, 'a web process ended')
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

interface Message {
  type?: string
  id?: string
  text?: string
}

/** Gathers the metrics of all processes behind the port, whichever of them is asked. */
export function createGatherer(register: Registry): () => Promise<string> {
  if (!cluster.isWorker) return () => register.metrics()
  AggregatorRegistry.setRegistries(register)
  // Its constructor makes this process answer when the supervisor asks for its metrics.
  new AggregatorRegistry()
  return () =>
    new Promise((resolve) => {
      const id = randomUUID()
      const listen = (message: Message) => {
        if (message.type !== ASKED || message.id !== id) return
        process.off('message', listen)
        resolve(message.text!)
      }
      process.on('message', listen)
      process.send!({ type: ASKED, id })
    })
}

/** For the supervisor. */
function gatherFromProcesses(): void {
  const aggregator = new AggregatorRegistry()
  cluster.on('message', async (worker, { type, id }: Message) => {
    if (type !== ASKED) return
    // A process that ends meanwhile leaves a gap in a graph, no error page.
    const text = await aggregator.clusterMetrics().catch(() => '')
    if (worker.isConnected()) worker.send({ type: ASKED, id, text })
  })
}
