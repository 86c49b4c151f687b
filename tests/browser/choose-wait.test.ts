import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chooseWait } from '../../src/browser/client/choose-wait.ts'

const MINUTE = 60_000

describe('how long a page waits before it asks for the count again', () => {
  it('is two seconds while signatures come, and for a minute after', () => {
    assert.equal(chooseWait(0, 0), 2_000)
    assert.equal(chooseWait(MINUTE - 1, 0), 2_000)
  })

  it('grows while nothing happens, to half a minute', () => {
    assert.equal(chooseWait(MINUTE, 0), 8_000)
    assert.equal(chooseWait(10 * MINUTE, 0), 30_000)
  })

  it('doubles with each failure, to half a minute', () => {
    const waits = [1, 2, 3, 4, 100].map((failures) => chooseWait(0, failures))
    assert.deepEqual(waits, [4_000, 8_000, 16_000, 30_000, 30_000])
  })
})
