import { readProcessorTime } from './processor-time.ts'

const LOOK_EVERY_MS = 1000
/** Of a core. What keeps time and looks into queues takes less. */
const IDLE_SHARE = 0.15
const PATIENCE_LOOKS = 60

/**
 * Until everything that was begun is up: a web process that comes later than its readers gets none of
 * the connections that they keep.
 *
 * @param roots see readProcessorTime
 */
export async function untilIdle(roots: Record<string, number>): Promise<void> {
  let before = Number.NEGATIVE_INFINITY
  for (let look = 0; look < PATIENCE_LOOKS; look++) {
    const times = Object.values(await readProcessorTime(roots))
    const now = times.reduce((sum, seconds) => sum + seconds, 0)
    if ((now - before) * 1000 < IDLE_SHARE * LOOK_EVERY_MS) return
    before = now
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
