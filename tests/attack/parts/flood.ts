import { grouped } from '../../faults/table.ts'
import type { Stage } from '../../faults/trial.ts'
import { type Came, portOf } from '../attack.ts'
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

const CONNECTIONS = 16

/**
 * As many requests as 16 connections can carry.
 *
 * @param status that alone they may be answered with; a connection that ends without an answer tells nothing
 */
export async function flood(
  stage: Stage,
  seconds: number,
  request: FloodTask['request'],
  status: number,
): Promise<Came> {
  const forMs = seconds * 1000
  const task: FloodTask = { port: portOf(stage), connections: CONNECTIONS, forMs, request }
  const { requests, statuses } = await inOwnProcess<FloodResult>('flood-process.ts', task)
  const each = Object.entries(statuses).map(([status, count]) => `${grouped(count)} × ${status}`)
  const { [status]: answered = 0, 0: unanswered = 0 } = statuses
  stage.check(
    `the attacker is answered with ${status} alone`,
    answered > 0 && answered + unanswered === requests,
    each.join(', '),
  )
  return {
    size: `${seconds} s`,
    attacker: `${grouped(Math.round(requests / seconds))} requests a second answered: ${each.join(', ')}`,
  }
}
