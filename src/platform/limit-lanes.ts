/** Runs as many pieces of work at the same time as there are lanes; the others wait in their order. */
export function limitLanes(lanes: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let busy = 0
  return async (work) => {
    if (busy >= lanes) await new Promise<void>((resolve) => waiting.push(resolve))
    else busy++
    try {
      return await work()
    } finally {
      // Whoever waits takes over the lane.
      const next = waiting.shift()
      if (next) next()
      else busy--
    }
  }
}
