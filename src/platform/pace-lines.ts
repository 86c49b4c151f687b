import { MINUTE } from './clock.ts'

/**
 * Hands what was noted to `write` at once, then together, once a minute: what a thousand jobs meet in that time is
 * one line with a count.
 */
export function paceLines<T>(
  write: (noted: T[]) => void,
  every = MINUTE,
): { note(what: T): void; close(): void } {
  let noted: T[] = []
  let pause: NodeJS.Timeout | null = null

  function tell(): void {
    pause = null
    if (noted.length === 0) return
    // A minute's line keeps no process alive.
    pause = setTimeout(tell, every).unref()
    write(noted.splice(0))
  }

  return {
    note(what) {
      noted.push(what)
      if (!pause) tell()
    },
    /** What was not told yet is told now. */
    close() {
      if (pause) clearTimeout(pause)
      if (noted.length > 0) write(noted)
      noted = []
    },
  }
}
