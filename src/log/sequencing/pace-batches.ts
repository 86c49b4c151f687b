import type { SteadyClock } from '../../platform/clock.ts'

/** Whether a batch is due, by the time at which the last one was taken on any node. */
export type Pace = (takenAt: Date | null) => boolean

/**
 * A batch is due in each interval of the clock, as at every full minute. The time of the last batch was written by
 * another node maybe, or before our clock was set: where it doesn't agree with the time that has passed here since we
 * first saw it, a batch is due once a whole interval has passed here. So a clock that is set back by a day, or
 * two nodes whose clocks differ, hold up nothing, and make no batches in a row whose moments tell who signed.
 *
 * @param interval in milliseconds
 * @param onApart is told once by how many milliseconds the clocks differ
 */
export function paceBatches(
  clock: SteadyClock,
  interval: number,
  onApart: (milliseconds: number) => void,
): Pace {
  let seen: { takenAt: number; since: number; isFirst: boolean } | null = null
  let told = false
  const slotOf = (time: number) => Math.floor(time / interval)

  return (taken) => {
    if (!taken) return true
    const takenAt = taken.getTime()
    const now = clock.now().getTime()
    const elapsed = clock.elapsed()
    if (seen?.takenAt !== takenAt) seen = { takenAt, since: elapsed, isFirst: seen === null }
    const stands = elapsed - seen.since
    // What was taken before we came is as old as it says, unless that lies in the future.
    const apart = seen.isFirst ? Math.min(0, now - takenAt) : now - takenAt - stands
    const agrees = Math.abs(apart) <= interval
    if (!agrees && !told) onApart(apart)
    told = !agrees
    return agrees ? slotOf(now) > slotOf(takenAt) : stands >= interval
  }
}
