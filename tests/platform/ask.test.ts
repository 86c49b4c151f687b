import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { ask } from '../../src/platform/terminal/ask.ts'

describe('a question on a terminal', () => {
  function terminal({ input = true, output = true } = {}) {
    const streams = {
      input: Object.assign(new PassThrough(), { isTTY: input }),
      output: Object.assign(new PassThrough(), { isTTY: output, columns: 80 }),
    }
    let shown = ''
    streams.output.on('data', (chunk) => {
      shown += chunk
    })
    return { ...streams, shown: () => shown }
  }
  const answer = async (typed: string) => {
    const there = terminal()
    const asked = ask('Close it?', there)
    there.input.write(typed)
    const answered = await asked
    assert.match(there.shown(), /Close it\? \[y\/N\] /)
    return answered
  }

  it('is answered by yes or y, and by nothing else', async () => {
    for (const typed of ['y\r', 'Y\r', ' yes \r', 'YES\r']) assert.equal(await answer(typed), true)
    for (const typed of ['n\r', '\r', 'yeah\r', 'no\r', 'да\r', 'y y\r']) {
      assert.equal(await answer(typed), false, typed)
    }
  })

  it('is a no for who presses Ctrl-C or Ctrl-D, or goes away', async () => {
    assert.equal(await answer('\x03'), false)
    assert.equal(await answer('\x04'), false)
    assert.equal(await answer('y\x03'), false)
    const there = terminal()
    const asked = ask('Close it?', there)
    there.input.end()
    assert.equal(await asked, false)
  })

  it('is not asked where nobody sees it or can answer', async () => {
    assert.equal(await ask('Close it?', terminal({ input: false })), null)
    assert.equal(await ask('Close it?', terminal({ output: false })), null)
  })
})
