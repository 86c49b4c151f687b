const STEP_MS = 100
/** So long a reader waits for a new value where there is an old one, and where there is none. */
const STALE_AFTER_MS = 1000
const GIVEN_UP_AFTER_MS = 4000

/** For forms: one that is answered with 503 by then may have been recorded, so sending it again must do no harm. */
export const FORM_WITHIN_MS = 4000

/** What was asked may happen all the same. Those who ask a database treat it as away: `isDatabaseAway`. */
export class TooLate extends Error {
  override readonly name = 'TooLate'
  readonly code = 'ETIMEDOUT'
}

/**
 * The work's outcome; rejects with TooLate when it takes longer, and lets the work go on.
 *
 * @param ms counted while the event loop runs: after a pause of the process what arrived meanwhile is read first,
 *   and is not taken for late
 */
export async function inTime<R>(work: Promise<R>, ms: number, complaint: string): Promise<R> {
  const { over, end } = patience(ms)
  try {
    return await Promise.race([work, over.then(() => Promise.reject(new TooLate(complaint)))])
  } finally {
    end()
    // After TooLate nobody awaits the work: its failure must not count as unhandled.
    work.catch(() => {})
  }
}

/**
 * The work's outcome, or the value before it where the work fails or takes long.
 *
 * @param findLast null where there is none
 * @param mayBeStale whether such an error, TooLate among them, may be answered with the value before
 */
export async function inTimeOrLast<R>(
  work: Promise<R>,
  findLast: () => { value: R } | null,
  mayBeStale: (error: unknown) => boolean,
): Promise<R> {
  const limit = findLast() ? STALE_AFTER_MS : GIVEN_UP_AFTER_MS
  try {
    return await inTime(work, limit, 'no answer could be made in time')
  } catch (error) {
    const last = findLast()
    if (!last || !mayBeStale(error)) throw error
    return last.value
  }
}

/** What a page or a form waits for, where it is not made together with others. @throws TooLate */
export const inTimeToAnswer = <R>(work: Promise<R>): Promise<R> =>
  inTime(work, FORM_WITHIN_MS, 'no answer in time')

function patience(ms: number): { over: Promise<void>; end(): void } {
  let timer: NodeJS.Timeout
  let left = Math.ceil(ms / STEP_MS)
  const over = new Promise<void>((resolve) => {
    const step = () => {
      if (left-- <= 0) return resolve()
      timer = setTimeout(step, Math.min(STEP_MS, ms))
    }
    step()
  })
  return { over, end: () => clearTimeout(timer) }
}

/** Whether the work ended within so many milliseconds; else it goes on. @throws as the work does */
export async function endsInTime(work: Promise<unknown>, ms: number): Promise<boolean> {
  try {
    await inTime(work, ms, 'it has not ended')
    return true
  } catch (error) {
    if (error instanceof TooLate) return false
    throw error
  }
}
