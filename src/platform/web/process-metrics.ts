import cluster from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { AggregatorRegistry, type Registry } from 'prom-client'

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
