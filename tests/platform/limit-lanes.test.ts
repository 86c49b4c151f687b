import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { limitLanes } from '../../src/platform/micro-batch.ts'

describe('work in lanes', () => {
  it('never runs more at the same time than there are lanes, and begins in the order it came', async () => {
    const inLanes = limitLanes(3)
    const begun: number[] = []
    let running = 0
    let most = 0
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        inLanes(async () => {
          begun.push(nth)
          most = Math.max(most, ++running)
          await setTimeout(nth % 4)
          running--
          return nth
        }),
      ),
    )
    assert.equal(most, 3)
    assert.deepEqual(begun, results)
    assert.deepEqual(
      begun,
      Array.from({ length: 20 }, (_, nth) => nth),
    )
  })

  it('leaves its lane to the next when it fails', async () => {
    const inLanes = limitLanes(1)
    const failing = inLanes(() => Promise.reject(new Error('no')))
    const next = inLanes(() => Promise.resolve('yes'))
    await assert.rejects(failing, /no/)
    assert.equal(await next, 'yes')
    assert.equal(await inLanes(() => Promise.resolve('again')), 'again')
  })
})
