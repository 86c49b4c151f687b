import { createHmac } from 'node:crypto'
import { BudgetMap } from '../platform/budget-map.ts'
import type { Clock } from '../platform/clock.ts'

/** How much work a place is asked for: none, some, the most. */
export type Step = 0 | 1 | 2

/** The first boundary is drawn between the first two levels, the second between the last two. */
export interface Bounds {
  between: readonly [number, number, number]
  /** Milliseconds: for so long boundaries stand, and work that has risen does not fall. */
  period: number
}

/** Some 4,000 places above their first level. */
const BUDGET_BYTES = 2 * 1024 * 1024
const RAISED_BYTES = 100

interface Raised {
  period: number
  first: number
  second: number
  step: Step
}

/**
 * The work that is asked for is seen by all who share a network, so it must not tell that one of them has just sent a
 * form. It rises in two steps at boundaries that are drawn by place and period, with a key, the same on all nodes; a
 * step is not taken back before the period ends. Whoever sends forms to come just below a boundary learns where it was
 * when it is passed, and then it tells nothing more. See docs/decisions/0049-intake.md.
 *
 * @param key 32 bytes
 */
export function createSteps({ key, clock }: { key: Buffer; clock: Clock }) {
  const raised = new BudgetMap<Raised>(BUDGET_BYTES, () => RAISED_BYTES, 'work_steps')

  function draw(name: string, period: number, [least, middle, most]: Bounds['between']) {
    const bytes = createHmac('sha256', key).update(`work step\0${period}\0${name}`).digest()
    const share = (at: number) => bytes.readUInt32BE(at) / 2 ** 32
    return {
      period,
      first: least + share(0) * (middle - least),
      second: middle + share(4) * (most - middle),
      step: 0 as Step,
    }
  }

  /** @param level of the place, in forms */
  return (name: string, level: number, { between, period: length }: Bounds): Step => {
    const known = raised.get(name)
    if (!known && level < between[0]) return 0
    const period = Math.floor(clock.now().getTime() / length)
    const drawn = known?.period === period ? known : draw(name, period, between)
    const step = level < drawn.first ? 0 : level < drawn.second ? 1 : 2
    if (step > drawn.step) drawn.step = step
    if (drawn.step > 0 && drawn !== known) raised.set(name, drawn)
    else if (drawn.step === 0 && known) raised.delete(name)
    return drawn.step
  }
}

export type Steps = ReturnType<typeof createSteps>
