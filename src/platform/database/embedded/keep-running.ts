import { setTimeout as sleep } from 'node:timers/promises'
import type { LaunchedServer } from './launch-server.ts'

/** Before the first try, then twice as long after each that fails. */
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000

/**
 * Starts the server again, on the same port, whenever it ends without having been asked to: by `kill -9`, the
 * kernel out of memory, a full disk. What was committed is there again.
 *
 * @param tell takes one line for the operator
 */
export function keepRunning(
  first: LaunchedServer,
  launch: (port: number) => Promise<LaunchedServer>,
  tell: (line: string) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  let server = first
  const going = keepGoing()

  async function keepGoing(): Promise<void> {
    while (!stopping.signal.aborted) {
      const why = await server.ended
      if (stopping.signal.aborted) return
      tell(`the embedded PostgreSQL ended (${why}): it is started again`)
      // Nothing is left to stop but the listener that would stop it when this program exits.
      await server.stop()
      const next = await launchAgain()
      if (!next) return
      server = next
    }
  }

  async function launchAgain(): Promise<LaunchedServer | null> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      await sleep(pause, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
      if (stopping.signal.aborted) return null
      try {
        const next = await launch(first.port)
        tell('the embedded PostgreSQL runs again')
        return next
      } catch (error) {
        tell(`the embedded PostgreSQL could not be started again: ${(error as Error).message}`)
      }
    }
  }

  return {
    async stop() {
      stopping.abort()
      await server.stop()
      // One that is just being launched is waited for, then stopped.
      await going
      await server.stop()
    },
  }
}
