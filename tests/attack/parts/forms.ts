import type { Brought } from '../../faults/load/crowd.ts'
import type { Shape, Site } from '../../faults/site/open-site.ts'
import { grouped } from '../../faults/table.ts'
import type { Stage } from '../../faults/trial.ts'
import { proveWork } from '../../support/prove-work.ts'
import { type Came, portOf } from '../attack.ts'
import { inOwnProcess } from './in-own-process.ts'

/** Limits are on, and a proxy tells who comes from where. */
export const GUARDED: Shape = {
  nodes: ['web', 'worker'],
  environment: { LIMITS: 'on', TRUST_PROXY: 'loopback' },
}

export interface FormsTask {
  port: number
  forMs: number
  /** `forged`: signed with the server's key, as if computers elsewhere had done the work. */
  proofs: 'none' | 'forged' | 'solved'
  /** Forms a second, until as many were sent as that makes; where proofs are solved, as many as the processor can. */
  rate: number
  /** That they come from. */
  networks: number
  /** In hex. */
  secretKey: string
}

export interface FormsResult {
  statuses: Record<number, number>
  seconds: number
  /** That no work was asked for; of `solved` alone. */
  free?: number
  /** Derived for the others. */
  keys?: number
}

/** What came of a robot's forms. */
interface Sent extends Came, Required<Pick<FormsResult, 'free' | 'keys'>> {
  taken: number
  mailed: number
  /** Whose mail waits. */
  held: number
  /** From the first form to these figures. */
  seconds: number
}

/** Somebody whose browser did the work, from a network of their own. Where it gets no challenge, the page sends without. */
export async function provedSigner(site: Site, nth: number): Promise<Brought> {
  const headers = { 'x-forwarded-for': `91.${nth >> 8}.${nth & 255}.9` }
  const proof = await proveWork(site, headers).catch(() => null)
  return { headers, fields: proof === null ? {} : { altcha: proof } }
}

/** A robot's forms, each with another address. @returns what came of them */
export async function sendForms(
  stage: Stage,
  task: Pick<FormsTask, 'forMs' | 'proofs' | 'rate' | 'networks'>,
): Promise<Sent> {
  const { site, check } = stage
  const secretKey = site.secretKey.toString('hex')
  const whole: FormsTask = { ...task, port: portOf(stage), secretKey }
  const begun = performance.now()
  const result = await inOwnProcess<FormsResult>('forms-process.ts', whole)
  const { rows } = await site.sql.query<{ held: string; forms: number }>(
    'select held, count(*)::int as forms from submission where held is not null group by held order by held',
  )
  const seconds = (performance.now() - begun) / 1000
  const { 303: taken = 0, ...others } = result.statuses
  const refused = Object.entries(others).map(([status, count]) => `${grouped(count)} × ${status}`)
  const mailed = site.mail.taken.filter((address) => address.startsWith('robot')).length
  const waiting = rows.map(({ held, forms }) => `${grouped(forms)} ${held}`)
  check('the attack took place', taken > 0, `${refused}`)
  const rate = grouped(Math.round(taken / result.seconds))
  return {
    size: `${rate} a second for ${Math.round(result.seconds)} s`,
    attacker: `${grouped(taken)} forms taken${refused.length > 0 ? `, ${refused.join(', ')}` : ''}; ${grouped(mailed)} mailed; waiting: ${waiting.join(', ') || 'none'}`,
    ...{ taken, mailed, seconds },
    held: rows.reduce((sum, { forms }) => sum + forms, 0),
    free: result.free ?? 0,
    keys: result.keys ?? 0,
  }
}
