import type { Stage } from '../../faults/trial.ts'
import { wait } from '../../scale/wait.ts'
import { type Attack, portOf } from '../attack.ts'
import { drip, tellDrip } from '../parts/drip.ts'

const FOR_MS = { short: 8000, long: 40_000 }
/** Connections that a process keeps, and files that it has open besides; the attack has more. */
const KEPT = 10_000
const OTHER_FILES = 500
const LOOK_EVERY_MS = 250

export const attack: Attack = {
  name: 'many-connections',
  what: 'more connections than a process keeps, on which nothing is sent',
  sizes: { short: 0, long: 12_000 },
  bearable: 1000,
  // A connection costs up to 50 kB: see LIMITS in src/platform/web/create-server.ts.
  megabytes: 500,
  async run(stage, connections) {
    const forMs = stage.isShort ? FOR_MS.short : FOR_MS.long
    const dripping = drip({ port: portOf(stage), head: '', letter: '', connections, forMs })
    const [came, most] = await Promise.all([dripping, mostFiles(stage, dripping)])
    stage.check('the web keeps no more than it can', most <= KEPT + OTHER_FILES, `${most} files`)
    return tellDrip(came)
  },
}

/** That the web had open at the same time. */
async function mostFiles({ site }: Stage, until: Promise<unknown>): Promise<number> {
  let most = 0
  let isOver = false
  void until
    .catch(() => {})
    .finally(() => {
      isOver = true
    })
  while (!isOver) {
    most = Math.max(most, (await site.nodes[0]!.weigh()).handles)
    await wait(LOOK_EVERY_MS)
  }
  return most
}
