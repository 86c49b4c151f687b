import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { readPostmasterFile } from './postmaster-file.ts'

const LOOK_EVERY_MS = 15
const RECOVERY_MS = 10 * 60_000 // replaying a crashed server's log takes its time

/** Waits for a server's first connections: `ready`, or words on how it ended before. */
export async function becomeReady(server: ChildProcess, data: string): Promise<string> {
  let end: string | null = null
  server.once('error', (error) => {
    end = error.message
  })
  // Not `exit`: with `close` its last lines have been read.
  server.once('close', (code, signal) => {
    end = signal ? `ended by ${signal}` : `exit code ${code}`
  })
  const deadline = performance.now() + RECOVERY_MS
  while (performance.now() < deadline) {
    if (end !== null) return end
    const file = await readPostmasterFile(data)
    if (file?.ready && file.pid === server.pid) return 'ready'
    await sleep(LOOK_EVERY_MS)
  }
  server.kill('SIGQUIT')
  return `not ready after ${RECOVERY_MS / 60_000} minutes`
}
