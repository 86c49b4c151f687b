const EVERY_MS = 200
const EVERY_MS_IN_A_LOG = 5000
const WIDTH = 24

/** The stream that shows progress: process.stderr, or a test's own. */
export interface ProgressStream {
  isTTY?: boolean
  write(text: string): unknown
}

export interface Progress {
  add(records: number): void
  /** A line of text; the bar comes again below it. */
  say(text: string): void
  /** Leaves the line to who writes next. */
  end(): void
}

/**
 * A bar on a terminal, a line now and then in a log.
 *
 * @param total how many records there will be
 * @param now milliseconds
 */
export function showProgress(
  total: number,
  stream: ProgressStream,
  now: () => number = () => performance.now(),
): Progress {
  const pause = stream.isTTY ? EVERY_MS : EVERY_MS_IN_A_LOG
  const begun = now()
  let shown = begun
  let done = 0
  let longest = 0
  return {
    add(records) {
      done += records
      const at = now()
      if (at - shown < pause) return
      shown = at
      const text = describe(done, Math.max(total, done), (at - begun) / 1000)
      if (!stream.isTTY) {
        stream.write(`${text}\n`)
        return
      }
      const bar = '█'.repeat(Math.round((done / Math.max(total, done)) * WIDTH)).padEnd(WIDTH, '░')
      stream.write(`\r${bar} ${text.padEnd(longest)}`)
      longest = Math.max(longest, text.length)
    },
    say(text) {
      clear()
      stream.write(`${text}\n`)
    },
    end: clear,
  }

  function clear() {
    if (longest > 0) stream.write(`\r${' '.repeat(WIDTH + 1 + longest)}\r`)
  }
}

export const noProgress: Progress = { add() {}, say() {}, end() {} }

function describe(done: number, total: number, seconds: number): string {
  const rate = done / seconds
  const part = Math.floor((done / total) * 100)
  const count = (number: number) => number.toLocaleString('en')
  const left = tellTime((total - done) / rate)
  return `${part} %, ${count(done)} of ${count(total)}, ${count(Math.round(rate))}/s, ${left} left`
}

function tellTime(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
