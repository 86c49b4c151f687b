import { grouped } from '../../faults/table.ts'
import type { Stage } from '../../faults/trial.ts'
import { type Came, portOf } from '../attack.ts'
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
  /** Once so many were cut off it ends sooner. */
  enough?: number
}

export interface DripResult {
  opened: number
  /** By the server. */
  ended: number
  /** So long half of these were held. */
  heldMs: number
  /** Open at the same time. */
  most: number
}

export const drip = (task: DripTask) => inOwnProcess<DripResult>('drip-process.ts', task)

export function tellDrip({ opened, ended, heldMs, most }: DripResult): Came {
  const held = `, half of these within ${(heldMs / 1000).toFixed(1)} s`
  return {
    size: `${grouped(most)} connections at a time`,
    attacker: `${grouped(opened)} connections opened, ${grouped(ended)} cut off${ended > 0 ? held : ''}`,
  }
}

/**
 * Holds connections on which a request never ends.
 *
 * @param within milliseconds after which the server cuts such a connection off; here each has twice as long
 */
export async function holdSlowly(
  stage: Stage,
  task: Pick<DripTask, 'head' | 'connections' | 'forMs'>,
  within: number,
): Promise<Came> {
  const { connections, head } = task
  const short = { forMs: 2 * within, enough: connections }
  const { forMs, enough } = stage.isShort ? short : { ...task, enough: undefined }
  const whole = { port: portOf(stage), head, letter: 'x', connections, forMs, enough }
  const found = await drip(whole)
  const came = tellDrip(found)
  const least = connections * Math.floor(forMs / (2 * within))
  stage.check('whoever never ends is cut off in time', found.ended >= least, came.attacker)
  return came
}
