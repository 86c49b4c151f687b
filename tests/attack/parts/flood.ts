import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ask } from '../../bench/speed/processes.ts'

export interface FloodTask {
  port: number
  connections: number
  forMs: number
  /** Of a request; `{n}` becomes a number of its own. */
  request: string
}

export interface FloodResult {
  requests: number
  statuses: Record<number, number>
}

/** As many requests as the connections can carry, from a process of their own: honest people must not wait for it. */
export async function flood(task: FloodTask): Promise<FloodResult> {
  const child = fork(fileURLToPath(new URL('./flood-process.ts', import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
  })
  try {
    return await ask<FloodResult>(child, task)
  } finally {
    child.kill()
  }
}

export function tellFlood({ requests, statuses }: FloodResult, forMs: number): string {
  const each = Object.entries(statuses).map(
    ([status, count]) => `${count.toLocaleString('en')} × ${status}`,
  )
  return `${Math.round((requests * 1000) / forMs).toLocaleString('en')} requests a second answered: ${each.join(', ')}`
}
