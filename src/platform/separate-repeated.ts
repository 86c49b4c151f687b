/**
 * Rounds in which no key comes twice, the first of each key in the first: what must go one after the
 * other, of many that may go together.
 */
export function separateRepeated<T>(items: T[], keyOf: (item: T) => string): T[][] {
  const rounds: { keys: Set<string>; items: T[] }[] = []
  for (const item of items) {
    const key = keyOf(item)
    let round = rounds.find(({ keys }) => !keys.has(key))
    if (!round) {
      round = { keys: new Set(), items: [] }
      rounds.push(round)
    }
    round.keys.add(key)
    round.items.push(item)
  }
  return rounds.map((round) => round.items)
}
