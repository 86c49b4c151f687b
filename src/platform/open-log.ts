import { write, writeSync } from 'node:fs'
import { systemClock } from './clock.ts'

/** Of lines that wait for a reader that is slow; further ones are dropped and counted. */
const MOST_WAITING = 8 * 1024 * 1024
const TRY_AGAIN_MS = 500

/**
 * Writes the program's log to a file descriptor, and ends nothing when that fails: on a full disk, or without a
 * reader, lines are lost; the first line that can be written again says how many. Instead of pino's own destination,
 * whose error ends the process, and which on a full disk never lets it exit.
 */
export function openLog(fd: number): { write(line: string): void } {
  let waiting: string[] = []
  let waitingLength = 0
  let isWriting = false
  let lost = 0
  let why = ''
  /** A line of which only a part could be written. */
  let isCut = false

  function lose(lines: number, code = '') {
    lost += lines
    why = code || why
  }

  function take(): string {
    const lines = waiting.join('')
    waiting = []
    waitingLength = 0
    return (isCut ? '\n' : '') + tellLost() + lines
  }

  function tellLost(): string {
    if (lost === 0) return ''
    const msg = `lines of this log were lost: it could not be written (${why || 'nobody read it'})`
    return `${JSON.stringify({ level: 50, time: systemClock.now().getTime(), lost, msg })}\n`
  }

  function writeSome(): void {
    isWriting = true
    const lines = waiting.length
    put(Buffer.from(take()), lines)
  }

  function put(bytes: Buffer, lines: number): void {
    write(fd, bytes, (error, written = 0) => {
      const isBusy = error?.code === 'EAGAIN'
      if (error && !isBusy) lose(lines, error.code)
      if (isBusy || (!error && written < bytes.length)) {
        isCut ||= written > 0
        return void setTimeout(() => put(bytes.subarray(written), lines), isBusy ? TRY_AGAIN_MS : 0)
      }
      if (error) return void setTimeout(goOn, TRY_AGAIN_MS).unref()
      isCut = false
      lost = 0
      goOn()
    })
  }

  function goOn(): void {
    if (waiting.length > 0) writeSome()
    else isWriting = false
  }

  process.once('exit', () => {
    try {
      if (waiting.length > 0) writeSync(fd, take())
    } catch {
      // Nobody is left to be told.
    }
  })

  return {
    write(line) {
      if (waitingLength + line.length > MOST_WAITING) return lose(1)
      waiting.push(line)
      waitingLength += line.length
      if (!isWriting) writeSome()
    },
  }
}
