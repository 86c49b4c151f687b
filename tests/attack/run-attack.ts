import type { Heard } from '../faults/load/crowd.ts'
import type { OpenStage, Outcome } from '../faults/run-trial.ts'
import { describeErrors, grouped, type Table } from '../faults/table.ts'
import { PATIENCE, type Stage } from '../faults/trial.ts'
import { wait } from '../scale/wait.ts'
import type { Attack } from './attack.ts'

export const ATTACKS: Table = {
  begin: '<!-- npm run attack -- --write -->',
  head: [
    '| command: `npm run attack --` | attack | size | honest forms, taken | honest answers before: half, 99 % | during | refused | memory of the web | the attacker | holds |',
    '|---|---|---|---|---|---|---|---|---|---|',
  ],
}

/** Honest people alone, to compare with. */
const CALM_MS = { short: 1500, long: 10_000 }
const MOST_MEGABYTES = 200

export async function runAttack(
  site: OpenStage,
  attack: Attack,
  size: number,
  isShort: boolean,
): Promise<{ row: string; outcome: Outcome }> {
  const found = { before: [] as Heard[], during: [] as Heard[], megabytes: 0, attacker: '' }

  async function run(stage: Stage): Promise<void> {
    const { crowd, site, check } = stage
    await wait(isShort ? CALM_MS.short : CALM_MS.long)
    const [node] = site.nodes
    const before = await node!.weigh()
    const begun = performance.now()
    found.attacker = await attack.run(stage, size)
    found.megabytes = (await node!.weigh()).megabytes - before.megabytes
    found.before = crowd.heard.filter(({ at, ms }) => at + ms < begun)
    found.during = crowd.heard.filter(({ at }) => at >= begun)
    const limit = attack.bearable * (isShort ? PATIENCE : 1)
    const { p99 } = times(found.during)
    check('honest people wait no longer than is bearable', p99 <= limit, `${Math.round(p99)} ms`)
    check('it takes little memory', found.megabytes < MOST_MEGABYTES, `${found.megabytes} MB`)
    stage.ran()
  }

  const { name, what, sizes, allows } = attack
  const crowd = { signers: 5, readers: 5, ...attack.crowd }
  const outcome = await site.run({ name, what, sizes, allows, crowd, run }, 1, isShort)
  const forms = found.during.filter((each) => each.what === 'form')
  const taken = forms.filter(({ status }) => status === 303).length
  const cells = [
    `\`${name}\``,
    what,
    attack.sized(size),
    `${grouped(forms.length)}, ${grouped(taken)}`,
    describe(found.before),
    describe(found.during),
    describeErrors(outcome.errors),
    `${found.megabytes < 0 ? '−' : '+'}${Math.abs(Math.round(found.megabytes))} MB`,
    found.attacker,
    outcome.failures.length === 0 ? 'yes' : `**no** (${outcome.failures.length})`,
  ]
  return { row: `| ${cells.join(' | ')} |`, outcome }
}

function times(heard: Heard[]): { p50: number; p99: number } {
  const sorted = heard.map(({ ms }) => ms).sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
  return { p50: at(0.5), p99: at(0.99) }
}

function describe(heard: Heard[]): string {
  const { p50, p99 } = times(heard)
  return `${Math.round(p50)} ms, ${Math.round(p99)} ms`
}
