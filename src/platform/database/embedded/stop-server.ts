import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { STOP_SERVER, type Step } from './end-process.ts'
import { run } from './run-as.ts'

/** pg_ctl has asked and waited; Node's signals all end a process by force there. */
const STOP_WINDOWS: readonly Step[] = [
  [0, 1_000],
  ['SIGKILL', 5_000],
]

/**
 * Returns the server's `stop`, which may be called any number of times. A program that exits
 * without it still takes the server down, though it cannot wait for it.
 */
export function stopServer(server: ChildProcess, data: string, pgCtl: string): () => Promise<void> {
  const onExit = () => server.kill('SIGINT')
  process.once('exit', onExit)
  let stopping: Promise<void> | null = null
  return () => {
    stopping ??= stopOnce(server, data, pgCtl).finally(() => process.off('exit', onExit))
    return stopping
  }
}

async function stopOnce(server: ChildProcess, data: string, pgCtl: string): Promise<void> {
  if (hasEnded(server)) return
  server.ref()
  const ended = once(server, 'exit')
  if (process.platform === 'win32') await run(null, pgCtl, ['stop', '-D', data, '-m', 'fast'])
  for (const [signal, patienceMs] of process.platform === 'win32' ? STOP_WINDOWS : STOP_SERVER) {
    if (hasEnded(server)) return
    if (signal) server.kill(signal)
    if (await within(ended, patienceMs)) return
  }
}

function hasEnded(server: ChildProcess): boolean {
  return server.exitCode !== null || server.signalCode !== null
}

function within(ended: Promise<unknown>, patienceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), patienceMs)
    ended.then(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}
