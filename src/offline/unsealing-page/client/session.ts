import { EndedError, type Opener } from './opener.ts'
import { startOpeners } from './start-openers.ts'

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
