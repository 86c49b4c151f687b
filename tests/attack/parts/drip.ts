import { inOwnProcess } from './in-own-process.ts'

export interface DripTask {
  port: number
  /** Sent at once. */
  head: string
  /** Sent once a second. */
  letter: string
  connections: number
  /** For so long each that is cut off is replaced. */
  forMs: number
}

export interface DripResult {
  opened: number
  /** By the server. */
  ended: number
  /** So long half of these were held. */
  heldMs: number
}

export const drip = (task: DripTask) => inOwnProcess<DripResult>('drip-process.ts', task)

export function tellDrip({ opened, ended, heldMs }: DripResult): string {
  const [all, cut] = [opened, ended].map((count) => count.toLocaleString('en'))
  const held = `, half of these within ${(heldMs / 1000).toFixed(1)} s`
  return `${all} connections opened, ${cut} cut off${ended > 0 ? held : ''}`
}
