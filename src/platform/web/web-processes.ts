import cluster, { type Worker } from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { AggregatorRegistry, type Registry } from 'prom-client'

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

const ASKED = 'undersigned:metrics'

interface Message {
  type?: string
  id?: string
  text?: string
}

/** What all processes behind the port have counted: whoever is asked answers for each. */
export function createGatherer(register: Registry): () => Promise<string> {
  if (!cluster.isWorker) return () => register.metrics()
  AggregatorRegistry.setRegistries(register)
  // Answers the first process when it asks for this one's part.
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

/** In the process that began the others. */
export function gatherFromProcesses(): void {
  const aggregator = new AggregatorRegistry()
  cluster.on('message', async (worker, { type, id }: Message) => {
    if (type !== ASKED) return
    // One that ends meanwhile leaves a gap in a graph, no error page.
    const text = await aggregator.clusterMetrics().catch(() => '')
    if (worker.isConnected()) worker.send({ type: ASKED, id, text })
  })
}
