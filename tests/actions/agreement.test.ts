import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Agree, type Proposal, stillHolds, whenAgreed } from '../../src/actions/agreement.ts'
import { useHarness } from '../support/harness.ts'

interface Shown extends Proposal {
  text: string
}

describe('a verb that asks', () => {
  const harness = useHarness()

  /** Whoever reads it meanwhile changes what it would do, as often as there are words. */
  async function run(agree: Agree<Shown>, ...texts: string[]) {
    const done: string[] = []
    const outcome = await whenAgreed<Shown, 'refused', 'done'>(harness.site.db, agree, {
      async survey() {
        const text = texts.length > 1 ? texts.shift()! : texts[0]!
        return text === 'no' ? 'refused' : { losses: [], text }
      },
      async work(_trx, { text }) {
        done.push(text)
        return 'done'
      },
    })
    return { outcome, done }
  }

  it('does what was agreed to, once', async () => {
    const asked: string[] = []
    const agree = ({ text }: Shown) => asked.push(text) > 0
    assert.deepEqual(await run(agree, 'one'), { outcome: 'done', done: ['one'] })
    assert.deepEqual(asked, ['one'])
  })

  it('does nothing without a yes, whatever stands in its place', async () => {
    for (const answer of [false, null, undefined, 'yes', 1]) {
      await assert.rejects(
        run(() => answer as boolean, 'one'),
        /nothing was done/,
      )
    }
    await assert.rejects(run(undefined as unknown as Agree<Shown>, 'one'), TypeError)
  })

  it('asks anew when it would do something else by then', async () => {
    const asked: string[] = []
    const agree = ({ text }: Shown) => asked.push(text) > 0
    assert.deepEqual(await run(agree, 'one', 'two', 'three'), { outcome: 'done', done: ['three'] })
    assert.deepEqual(asked, ['one', 'two', 'three'])
  })

  it('does not ask for what can’t be done, and does not do what can’t be done any more', async () => {
    const never = () => assert.fail('it asked')
    assert.deepEqual(await run(never, 'no'), { outcome: 'refused', done: [] })
    assert.deepEqual(await run(() => true, 'one', 'no'), { outcome: 'refused', done: [] })
  })

  it('may find figures moved by a tenth, and no other difference', () => {
    const shown = { losses: ['a'], figures: { en: 100, ru: 0 }, on: new Date(0) }
    const holds = (change: object) => stillHolds(shown, { ...shown, ...change })
    assert.ok(holds({}))
    assert.ok(holds({ figures: { en: 110, ru: 0 }, on: new Date(0) }))
    assert.ok(holds({ figures: { en: 90, ru: 0 } }))
    assert.ok(!holds({ figures: { en: 111, ru: 0 } }))
    assert.ok(!holds({ figures: { en: 100, ru: 1 } }))
    assert.ok(!holds({ figures: { en: 100 } }))
    assert.ok(!holds({ losses: ['a', 'b'] }))
    assert.ok(!holds({ on: new Date(1) }))
  })
})
