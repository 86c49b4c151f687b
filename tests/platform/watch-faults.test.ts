import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'

const WATCHED = `
  import { watchFaults } from './src/platform/watch-faults.ts'
  const quiet = { error() {}, fatal() {} }
  watchFaults(quiet).then(() => process.exit(3))
  setTimeout(() => process.exit(0), 200)
  Promise.reject(FAULT)`

/** @returns 3 where the program would stop */
async function exitCodeAfter(fault: string): Promise<number | null> {
  const args = ['--import', 'tsx', '--input-type=module', '-e', WATCHED.replace('FAULT', fault)]
  const [code] = await once(spawn(process.execPath, args), 'exit')
  return code as number | null
}

describe('a fault that nobody handled', () => {
  it('ends the program when it is a bug', async () => {
    assert.equal(await exitCodeAfter(`new TypeError('x is not a function')`), 3)
  })

  it('ends nothing when graphile-worker could not give jobs back to a database that is away', async () => {
    const message =
      'Error occurred whilst returning jobs from local queue to database queue: Connection terminated unexpectedly'
    assert.equal(await exitCodeAfter(`new Error('${message}')`), 0)
  })
})
