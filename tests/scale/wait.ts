export const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Milliseconds until it holds; null when it never did. */
export async function untilHolds(
  withinMs: number,
  holds: () => Promise<boolean> | boolean,
): Promise<number | null> {
  const begun = performance.now()
  for (;;) {
    if (await holds()) return performance.now() - begun
    if (performance.now() - begun > withinMs) return null
    await wait(50)
  }
}
