const STEP_MS = 100

/**
 * Resolves after so many milliseconds in which the event loop ran: after a pause of the process what arrived
 * meanwhile is read first, and is not taken for late.
 */
export function patience(ms: number): { over: Promise<void>; end(): void } {
  let timer: NodeJS.Timeout
  let left = Math.ceil(ms / STEP_MS)
  const over = new Promise<void>((resolve) => {
    const step = () => {
      if (left-- <= 0) return resolve()
      timer = setTimeout(step, STEP_MS)
    }
    step()
  })
  return { over, end: () => clearTimeout(timer) }
}

/** The work's outcome; rejects with what `late` makes when it takes longer, and lets the work go on. */
export async function inTime<R>(work: Promise<R>, ms: number, late: () => Error): Promise<R> {
  const { over, end } = patience(ms)
  try {
    return await Promise.race([work, over.then(() => Promise.reject(late()))])
  } finally {
    end()
    // Whoever gave up no longer listens.
    work.catch(() => {})
  }
}
