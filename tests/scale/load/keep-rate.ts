/** Between two looks at what is due. */
const TURN_MS = 10

/**
 * Begins `act` so often a second until the signal says so, however long each takes.
 *
 * @returns when the last that was begun has ended
 */
export async function keepRate(
  perSecond: number,
  stop: AbortSignal,
  act: (nth: number) => Promise<unknown>,
): Promise<void> {
  const running = new Set<Promise<unknown>>()
  const begun = performance.now()
  for (let nth = 0; !stop.aborted; ) {
    const due = Math.floor(((performance.now() - begun) * perSecond) / 1000)
    for (; nth < due; nth++) {
      const one = act(nth).finally(() => running.delete(one))
      running.add(one)
    }
    await new Promise((resolve) => setTimeout(resolve, TURN_MS))
  }
  await Promise.all(running)
}

/** One after the other, with a pause between. */
export async function keepAsking(
  pauseMs: number,
  stop: AbortSignal,
  act: () => Promise<unknown>,
): Promise<void> {
  while (!stop.aborted) {
    await act()
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
