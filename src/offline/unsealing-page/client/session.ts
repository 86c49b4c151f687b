import { EndedError, type Opener, openInSlices, startWorker } from './opener.ts'
import { passesSelfCheck } from './serve-tasks.ts'

/** One opening of a file, from its start to the list, or until it is cancelled. */
export class Session {
  #openers: Opener[] = []
  #ended = false

  /** Empty when this browser can't open sealed records at all. @throws EndedError */
  async openers(): Promise<Opener[]> {
    if (this.#openers.length === 0) this.#openers = await startOpeners()
    if (this.#ended) this.end()
    this.check()
    return this.#openers
  }

  /** @throws EndedError */
  check(): void {
    if (this.#ended) throw new EndedError()
  }

  /** Stops the work and its threads. */
  end(): void {
    this.#ended = true
    for (const opener of this.#openers) opener.end()
  }
}

const MOST_WORKERS = 8

/**
 * As many threads as the machine has cores; where workers are refused, this one.
 *
 * @returns empty when this browser can't open sealed records at all
 */
async function startOpeners(): Promise<Opener[]> {
  const wanted = Math.min(navigator.hardwareConcurrency || 2, MOST_WORKERS)
  const script = document.getElementById('program')!.textContent!
  const program = new Blob([script], { type: 'text/javascript' })
  const started = await Promise.all(Array.from({ length: wanted }, () => startWorker(program)))
  const workers = started.filter((worker) => worker !== null)
  if (workers.length > 0) return workers
  return (await passesSelfCheck()) ? [openInSlices()] : []
}
