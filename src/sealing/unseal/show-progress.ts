const EVERY_MS = 200
const EVERY_MS_IN_A_LOG = 10_000
const WIDTH = 24

/** A bar on a terminal, a line now and then in a log. @param total bytes of the file */
export function showProgress(total: number, stream: NodeJS.WriteStream = process.stderr) {
  const begun = performance.now()
  const pause = stream.isTTY ? EVERY_MS : EVERY_MS_IN_A_LOG
  let shown = begun
  let bytes = 0
  return {
    onBytes(more: number) {
      bytes += more
      const now = performance.now()
      if (now - shown < pause) return
      shown = now
      const part = Math.min(bytes / Math.max(total, 1), 1)
      const left = Math.round(((now - begun) / part) * (1 - part) * 0.001)
      const bar = '█'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '░')
      const text = `${Math.floor(part * 100)} %, about ${left} s left`
      stream.write(stream.isTTY ? `\r${bar} ${text.padEnd(30)}` : `${text}\n`)
    },
    end() {
      if (stream.isTTY) stream.write(`\r${' '.repeat(WIDTH + 32)}\r`)
    },
  }
}
