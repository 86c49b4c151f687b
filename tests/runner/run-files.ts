/**
 * Runs test files, given as arguments, in the order that they are given in; then tells which took longest, and each
 * failure in a line.
 * Compiled, in a process without tsx: what this process has loaded, each test file's process loads as well.
 */
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

/** Where two files compute, a third one waits: for a timeout, a mail, a process that starts. */
const CONCURRENCY = 3
/** A file that hangs is a failure, not a night without a result. The longest takes a third on a machine that does ten times as much. */
const TIMEOUT_MS = 900_000
const SLOWEST = 15
const SLOW_MS = 5_000
/** A whole page, compared with a pattern, would hide the failures before it. */
const LONGEST_MESSAGE = 400

/** Of a source or of what it was compiled to. */
const pathOf = (file: string) => file.slice(file.lastIndexOf('/tests/') + 1).replace(/\.js$/, '.ts')
const tookMs = new Map<string, number>()
const failures: string[] = []

const events = run({
  files: process.argv.slice(2),
  concurrency: CONCURRENCY,
  timeout: TIMEOUT_MS,
})
events.on('test:fail', ({ todo, name, file, details: { error } }) => {
  if (todo !== undefined && todo !== false) return
  process.exitCode = 1
  if ('failureType' in error && error.failureType === 'subtestsFailed') return
  const { message } = error.cause instanceof Error ? error.cause : error
  const start = message.slice(0, LONGEST_MESSAGE).replaceAll(/\s+/g, ' ')
  failures.push(`${file ? pathOf(file) : ''}: ${name}: ${start}`)
})
// Of a whole file, its name is its path.
events.on('test:complete', ({ name, file, details }) => {
  if (name === file) tookMs.set(pathOf(name), details.duration_ms)
})
events.compose(new spec()).pipe(process.stdout)
process.once('exit', () => {
  const slow = [...tookMs].filter(([, ms]) => ms > SLOW_MS).sort(([, a], [, b]) => b - a)
  for (const [file, ms] of slow.slice(0, SLOWEST))
    console.log(`${(ms / 1000).toFixed(0).padStart(4)} s  ${file}`)
  for (const failure of failures) console.log(`✖ ${failure}`)
})
