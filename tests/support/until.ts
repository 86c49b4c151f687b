import { setTimeout } from 'node:timers/promises'

/** Long, for machines that do much else. */
const WITHIN_MS = 120_000

export interface Patience {
  withinMs?: number
  everyMs?: number
  complaint?: string
}

/** @returns what `look` finds, as soon as that is something. @throws when it takes too long */
export async function until<T>(
  look: () => T | Promise<T>,
  { withinMs = WITHIN_MS, everyMs = 50, complaint = 'it never came' }: Patience = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found) return found as NonNullable<Exclude<T, false>>
    if (performance.now() > deadline) throw new Error(`${complaint} within ${withinMs} ms`)
    await setTimeout(everyMs)
  }
}
