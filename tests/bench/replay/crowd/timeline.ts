import { createHourFinder, signaturesAt } from '../curve.ts'
import type { ReplayTask } from '../replay-task.ts'

/** When each signer comes, one after the other, on the clock of `performance.now()`. */
export interface Timeline {
  signers: number
  /** Infinity after the last. */
  nextDue(): number
  next(): void
  /** Of the curve. */
  hourAt(now: number): number
}

const HOUR_MS = 3_600_000

export function signersOf({ fromHour, hours, share }: ReplayTask): number {
  return Math.floor((signaturesAt(fromHour + hours) - signaturesAt(fromHour)) * share)
}

export function createTimeline(task: ReplayTask): Timeline {
  const { fromHour, share, compress } = task
  const begun = performance.now()
  const signers = signersOf(task)
  const before = signaturesAt(fromHour)
  const hourOf = createHourFinder()
  let signer = 0
  const dueOf = (nth: number) =>
    begun + ((hourOf(before + (nth + 0.5) / share) - fromHour) * HOUR_MS) / compress
  let due = dueOf(signer)
  return {
    signers,
    nextDue: () => due,
    next() {
      signer++
      due = signer < signers ? dueOf(signer) : Number.POSITIVE_INFINITY
    },
    hourAt: (now) => fromHour + ((now - begun) * compress) / HOUR_MS,
  }
}
