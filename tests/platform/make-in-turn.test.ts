import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { type MadeInTurn, makeInTurn } from '../../src/platform/make-in-turn.ts'
import { createTestClock, type TestClock } from '../support/test-clock.ts'

const SECOND = 1000
const fail = async () => {
  throw new Error('no such letters')
}

describe('a file that is made when somebody asks for it', () => {
  let clock: TestClock
  let warned: string[]
  let made: MadeInTurn
  beforeEach(() => {
    clock = createTestClock()
    warned = []
    made = makeInTurn({
      name: 'tests',
      budget: 100_000,
      clock,
      logger: { warn: (_: unknown, line?: string) => void warned.push(line!) },
      givenUpAfterMs: 50,
    })
  })

  it('is kept', async () => {
    assert.equal(String(await made.find('a', async () => Buffer.from('first'))), 'first')
    assert.equal(String(await made.find('a', async () => Buffer.from('second'))), 'first')
  })

  it('that could not be made is tried again after a minute, however often it is asked for', async () => {
    let tries = 0
    const ask = () =>
      made.find('a', () => {
        tries++
        return fail()
      })
    for (let asked = 0; asked < 5; asked++) assert.equal(await ask(), null)
    assert.equal(tries, 1)
    assert.equal(warned.length, 1)
    assert.equal(String(await made.find('b', async () => Buffer.from('other'))), 'other')
    clock.move(59 * SECOND)
    await ask()
    assert.equal(tries, 1)
    clock.move(2 * SECOND)
    await ask()
    assert.equal(tries, 2)
  })

  it('that comes to no end is given up, and told so; those behind it are made', async () => {
    let isStopped = false
    const endless = made.find(
      'a',
      (signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            isStopped = true
          })
        }),
    )
    const behind = made.find('b', async () => Buffer.from('other'))
    // Of the two timers the program holds none: a server waits for its sockets.
    const alive = setInterval(() => {}, SECOND)
    assert.equal(await endless, null)
    assert.equal(String(await behind), 'other')
    clearInterval(alive)
    assert.equal(isStopped, true)
    assert.equal(warned.length, 1)
  })
})
