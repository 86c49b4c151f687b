import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, HOUR } from '../../../src/platform/clock.ts'
import { useHarness } from '../../support/harness.ts'
import { checkPublicLog } from '../../support/public-log.ts'
import { makeCrowd, makeFarm } from './people.ts'
import { playFarm } from './run-farm.ts'

/** The whole, over a week with 15,000 forms, is `npm run attack -- bot-farm`. */
describe('farms of bots beside a crowd', () => {
  const harness = useHarness({ TRUST_PROXY: 'loopback' }, { guard: true })

  it('are taken out of the count by what their forms have in common; no honest form is refused, late or voided', async () => {
    const crowd = makeCrowd({ honest: 400, span: 2 * DAY }, 1)
    const farm = { forms: 100, mailboxes: 20, domains: 2, from: 1.2 * DAY, until: 2 * DAY }
    const signers = [
      ...crowd,
      ...makeFarm({ ...farm, prefixes: 12 }, 2),
      // Too many networks to be told by them, and domains that are told apart by nothing but who registered them.
      ...makeFarm({ ...farm, name: 'hosts', ownHosts: true, network: 46, prefixes: 60 }, 3),
    ]
    const { honest, bots, alerts } = await playFarm(harness, signers, { step: 2 * HOUR })
    assert.ok(alerts > 0)
    assert.equal(honest.forms, 400)
    assert.equal(honest.refused, 0)
    assert.equal(honest.late, 0)
    assert.equal(honest.voided, 0)
    assert.equal(honest.counted, honest.confirmed)
    assert.ok(bots.confirmed > 30 && bots.confirmed <= 40)
    assert.ok(bots.voided >= 0.8 * bots.confirmed, `${bots.voided} of ${bots.confirmed} voided`)
    await checkPublicLog(harness)
  })
})
