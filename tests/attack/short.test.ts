import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type OpenStage, openStage } from '../faults/run-trial.ts'
import type { Attack } from './attack.ts'
import { attack as madeUpQueries } from './attacks/made-up-queries.ts'
import { attack as slowHeaders } from './attacks/slow-headers.ts'
import { attack as unprovedForms } from './attacks/unproved-forms.ts'
import { GUARDED } from './parts/forms.ts'
import { runAttack } from './run-attack.ts'

describe('honest people sign, and wait no longer than is bearable, while there come', () => {
  let site: OpenStage
  const said: string[] = []
  before(async () => {
    site = await openStage(GUARDED, (line) => said.push(line))
  })
  after(() => site?.close())

  // The flood last: for a while after it every form without proof waits.
  for (const attack of [slowHeaders, madeUpQueries, unprovedForms] as Attack[]) {
    it(attack.what, async (test) => {
      const { row, outcome } = await runAttack(site, attack, attack.sizes.short, true)
      for (const line of [...said.splice(0), row]) test.diagnostic(line)
      assert.deepEqual(outcome.failures, [])
      assert.equal(outcome.lost, 0)
      assert.ok(outcome.inputs > 0)
    })
  }
})
