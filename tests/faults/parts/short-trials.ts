import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type OpenStage, openStage } from '../run-trial.ts'
import type { Trial } from '../trial.ts'

/** The short versions of trials whose sites have the same shape, one after the other on one site. */
export function runShort(title: string, trials: Trial[]): void {
  const shape = trials[0]!.site ?? {}
  assert.ok(trials.every(({ site }) => JSON.stringify(site ?? {}) === JSON.stringify(shape)))
  describe(title, () => {
    let stage: OpenStage
    const said: string[] = []
    before(async () => {
      stage = await openStage(shape, (line) => said.push(line))
    })
    after(() => stage?.close())

    for (const trial of trials) {
      it(trial.what, async (test) => {
        const { failures, inputs, lost } = await stage.run(trial, trial.sizes.short, true)
        for (const line of said.splice(0)) test.diagnostic(line)
        assert.deepEqual(failures, [])
        assert.equal(lost, 0)
        assert.ok(inputs > 0 || trial.judged === false)
      })
    }
  })
}
