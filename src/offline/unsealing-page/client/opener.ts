import { type OpenBatch, type OpenedLine, openBatch } from './open-batch.ts'
import { type Key, unlockIdentity } from './read-identity.ts'

/** Does the heavy work in a worker, or on this thread in slices. One task at a time. */
export interface Opener {
  open(batch: OpenBatch): Promise<OpenedLine[]>
  /** Null when the passphrase is another. */
  unlock(sealed: Uint8Array, passphrase: string): Promise<Key | null>
  /** Stops at once; the task under way is rejected with an EndedError. */
  end(): void
}

export class EndedError extends Error {}

/** Messages to a worker and back; its first one is `ready` or `unfit`. */
export type Task =
  | { task: 'open'; batch: OpenBatch }
  | { task: 'unlock'; sealed: Uint8Array; passphrase: string }
export type Greeting = 'ready' | 'unfit'
export type Answer = { done: unknown } | { failed: string }

/** After this long the page gets its turn: it scrolls, counts on and hears Cancel. */
const SLICE_MS = 40

/** The same work on the page's own thread. */
export function openInSlices(): Opener {
  let ended = false
  let sliceStart = performance.now()

  async function breathe(): Promise<void> {
    if (performance.now() - sliceStart > SLICE_MS) {
      await nextTurn()
      sliceStart = performance.now()
    }
    if (ended) throw new EndedError()
  }

  return {
    open: (batch) => openBatch(batch, breathe),
    async unlock(sealed, passphrase) {
      await nextTurn()
      const key = await unlockIdentity(sealed, passphrase)
      if (ended) throw new EndedError()
      return key
    },
    end() {
      ended = true
    },
  }
}

/** Not by a timer: those of a page in the background come once a second. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}

/** A browser that refuses workers to pages from a file may do so without a word. */
const GREETING_TIMEOUT_MS = 5_000

/**
 * A thread of its own, made from this page's own script: nothing else may be loaded.
 *
 * @returns null where the browser refuses workers, or one can't do the work
 */
export async function startWorker(program: Blob): Promise<Opener | null> {
  const url = URL.createObjectURL(program)
  try {
    const worker = new Worker(url)
    if ((await greeting(worker)) === 'ready') return toOpener(worker)
    worker.terminate()
    return null
  } catch {
    return null
  } finally {
    URL.revokeObjectURL(url)
  }
}

function greeting(worker: Worker): Promise<Greeting> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = () => resolve('unfit')
    setTimeout(() => resolve('unfit'), GREETING_TIMEOUT_MS)
  })
}

function toOpener(worker: Worker): Opener {
  let ended = false
  let refuse: (error: Error) => void = () => {}

  function ask<Result>(task: Task, transferred: Transferable[] = []): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (ended) return reject(new EndedError())
      refuse = reject
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if ('done' in data) resolve(data.done as Result)
        else reject(new Error(data.failed))
      }
      worker.onerror = (event) => reject(new Error(event.message))
      worker.onmessageerror = () => reject(new Error('a worker sent what can’t be read'))
      worker.postMessage(task, transferred)
    })
  }

  return {
    open: (batch) => ask({ task: 'open', batch }, [batch.bytes.buffer]),
    unlock: (sealed, passphrase) => ask({ task: 'unlock', sealed, passphrase }),
    end() {
      ended = true
      worker.terminate()
      refuse(new EndedError())
    },
  }
}
