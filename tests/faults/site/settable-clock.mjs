import { readFileSync } from 'node:fs'

/**
 * Loaded before the program: its time of day is the machine's and so many milliseconds more, as CLOCK_FILE says when
 * SIGUSR2 comes. `performance.now()` and timers go on as on a machine whose clock is set.
 */
const RealDate = Date
let ahead = 0
process.on('SIGUSR2', () => {
  ahead = Number(readFileSync(process.env.CLOCK_FILE, 'utf8'))
})

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + ahead)
    else super(...given)
  }
  static now() {
    return RealDate.now() + ahead
  }
}
