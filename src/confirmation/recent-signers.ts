/** Some megabyte; the oldest go first. */
const MAX_REMEMBERED = 10_000

/**
 * What those who have just confirmed should see of the count at least: theirs included, though the public
 * figure may wait for others. Only this process knows, and only for as long as there is room: whoever
 * confirmed elsewhere sees the public figure.
 */
export interface RecentSigners {
  /** @param code the signer's own share code */
  remember(code: string, atLeast: number): void
  /** 0 for anyone who hasn't just confirmed here. */
  leastFor(code: string): number
}

export function createRecentSigners(): RecentSigners {
  const least = new Map<string, number>()
  return {
    remember(code, atLeast) {
      least.set(code, atLeast)
      if (least.size > MAX_REMEMBERED) least.delete(least.keys().next().value!)
    },
    leastFor: (code) => least.get(code) ?? 0,
  }
}
