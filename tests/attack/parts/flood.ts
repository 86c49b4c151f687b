import { inOwnProcess } from './in-own-process.ts'

export interface FloodTask {
  port: number
  connections: number
  forMs: number
  /** `{n}`, `{code}` and `{token}` become a number, a share code and a link's token of its own in each request; of several, each in turn. */
  request: string | string[]
}

export interface FloodResult {
  requests: number
  statuses: Record<number, number>
}

/** As many requests as the connections can carry. */
export const flood = (task: FloodTask) => inOwnProcess<FloodResult>('flood-process.ts', task)

export function tellFlood({ requests, statuses }: FloodResult, forMs: number): string {
  const each = Object.entries(statuses).map(
    ([status, count]) => `${count.toLocaleString('en')} × ${status}`,
  )
  return `${Math.round((requests * 1000) / forMs).toLocaleString('en')} requests a second answered: ${each.join(', ')}`
}
