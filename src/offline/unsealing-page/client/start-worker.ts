import { type Answer, EndedError, type Greeting, type Opener, type Task } from './opener.ts'

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
