import { loadavg } from 'node:os'
import type { Heard } from '../faults/load/crowd.ts'
import type { OpenStage, Outcome } from '../faults/run-trial.ts'
import { describeErrors, grouped, type Table } from '../faults/table.ts'
import { PATIENCE, type Stage } from '../faults/trial.ts'
import { untilHolds, wait } from '../scale/wait.ts'
import type { Attack, Came } from './attack.ts'

export const ATTACKS: Table = {
  begin: '<!-- npm run attack -- --write -->',
  head: [
    '| command: `npm run attack --` | attack | size | honest forms, taken | honest answers before: half, 99 % | during | their mails after: half, 99 % | refused | memory of the web | the attacker | holds |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
  ],
}

/** Honest people alone, to compare with. */
const CALM_MS = { short: 1500, long: 10_000 }
const MEGABYTES = 200
const MAILED_WITHIN_MS = 5000
/** What people wait for before the attack already, on a machine that does other work, is not the attacker's. */
const TIMES_AS_LONG = 3

export async function runAttack(
  site: OpenStage,
  attack: Attack,
  size: number,
  isShort: boolean,
): Promise<{ row: string; outcome: Outcome }> {
  const found = {
    before: [] as Heard[],
    during: [] as Heard[],
    mailed: [] as number[],
    megabytes: 0,
    came: { size: '', attacker: '' } as Came,
  }

  async function run(stage: Stage): Promise<void> {
    const { crowd, site, check } = stage
    const patience = isShort ? PATIENCE : 1
    await wait(isShort ? CALM_MS.short : CALM_MS.long)
    // Of the two cores, before the attack: what others do on this machine shows in all times.
    stage.tell(`processes that want to run: ${loadavg()[0]!.toFixed(1)}`)
    const [node] = site.nodes
    const before = await node!.weigh()
    const earlier = new Set(crowd.signed)
    const begun = performance.now()
    found.came = await attack.run(stage, size)
    found.megabytes = (await node!.weigh()).megabytes - before.megabytes
    found.before = crowd.heard.filter(({ at, ms }) => at + ms < begun)
    found.during = crowd.heard.filter(({ at }) => at >= begun)
    const bound = (ms: number, before: number[]) =>
      Math.max(ms * patience, spread(before).p99 * TIMES_AS_LONG)
    const { p99 } = spread(msOf(found.during))
    check(
      'honest people wait no longer than is bearable',
      p99 <= bound(attack.bearable, msOf(found.before)),
      `${Math.round(p99)} ms`,
    )
    const mailsBefore = crowd.mailWaits((address) => earlier.has(address))
    const inTime = bound(attack.mailedWithin ?? MAILED_WITHIN_MS, mailsBefore)
    // Mails that have not come yet count with the time that they have taken so far.
    const during = [...crowd.signed].filter((address) => !earlier.has(address))
    await untilHolds(inTime, () => during.every((address) => site.mail.mails.has(address)))
    found.mailed = crowd.mailWaits((address) => !earlier.has(address))
    const mails = spread(found.mailed)
    check(
      'honest people have their mail in time',
      mails.p99 <= inTime,
      `${Math.round(mails.p99)} ms`,
    )
    check(
      'it takes little memory',
      found.megabytes < (attack.megabytes ?? MEGABYTES),
      `${found.megabytes} MB`,
    )
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
    found.came.size,
    `${grouped(forms.length)}, ${grouped(taken)}`,
    describe(msOf(found.before)),
    describe(msOf(found.during)),
    describe(found.mailed),
    describeErrors(outcome.errors),
    `${found.megabytes < 0 ? '−' : '+'}${Math.abs(Math.round(found.megabytes))} MB`,
    found.came.attacker,
    outcome.failures.length === 0 ? 'yes' : `**no** (${outcome.failures.length})`,
  ]
  return { row: `| ${cells.join(' | ')} |`, outcome }
}

const msOf = (heard: Heard[]) => heard.map(({ ms }) => ms)

function spread(times: number[]): { p50: number; p99: number } {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
  return { p50: at(0.5), p99: at(0.99) }
}

function describe(times: number[]): string {
  const { p50, p99 } = spread(times)
  return `${Math.round(p50)} ms, ${Math.round(p99)} ms`
}
