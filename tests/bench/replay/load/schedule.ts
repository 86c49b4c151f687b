/** Who is due when, by number: one look a moment, however many wait. */
export interface Schedule {
  /** @param at on the clock of `performance.now()` */
  add(at: number, who: number): void
  /** Hands over everyone who has become due, with when that was. */
  take(now: number, each: (who: number, at: number) => void): void
}

const TICK_MS = 2

export function createSchedule(): Schedule {
  const ticks = new Map<number, number[]>()
  let next = Math.floor(performance.now() / TICK_MS)
  return {
    add(at, who) {
      const tick = Math.max(next, Math.ceil(at / TICK_MS))
      const waiting = ticks.get(tick)
      if (waiting) waiting.push(who)
      else ticks.set(tick, [who])
    },
    take(now, each) {
      const last = Math.floor(now / TICK_MS)
      while (next <= last) {
        // Passed before anyone is handed over: who is added meanwhile comes in a later tick.
        const tick = next++
        const due = ticks.get(tick)
        ticks.delete(tick)
        for (const who of due ?? []) each(who, tick * TICK_MS)
      }
    },
  }
}
