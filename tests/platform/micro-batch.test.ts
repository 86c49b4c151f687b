import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { isDatabaseAway } from '../../src/platform/database/unavailable.ts'
import { createMicroBatch } from '../../src/platform/micro-batch.ts'

/** Writes numbers, doubles them, and remembers what came together. */
function setUp({
  limit = 10,
  lanes = 1,
  refuses = (_: number): boolean => false,
  common = false,
  keyOf = undefined as ((item: number) => string) | undefined,
  takes = (): Promise<unknown> => setTimeout(5),
} = {}) {
  const batches: number[][] = []
  const batch = createMicroBatch<number, number>({
    limit,
    lanes,
    isCommon: () => common,
    keyOf,
    async write(items) {
      batches.push(items)
      await takes()
      if (items.some(refuses)) throw new Error(`refused: ${items.find(refuses)}`)
      return items.map((item) => item * 2)
    },
  })
  return { batch, batches }
}

describe('a micro-batch', () => {
  it('takes together what comes together, and answers each with its own result', async () => {
    const { batch, batches } = setUp()
    const results = await Promise.all([1, 2, 3].map((item) => batch.add(item)))
    assert.deepEqual(results, [2, 4, 6])
    assert.deepEqual(batches, [[1, 2, 3]])
  })

  it('begins at once when nothing is under way, and gathers while it is busy', async () => {
    const { batch, batches } = setUp()
    const first = batch.add(1)
    await setImmediate()
    const rest = [2, 3, 4].map((item) => batch.add(item))
    await Promise.all([first, ...rest])
    assert.deepEqual(batches, [[1], [2, 3, 4]])
  })

  it('never takes more than its limit, nor writes in more lanes than it has', async () => {
    const { batch, batches } = setUp({ limit: 4, lanes: 2 })
    await Promise.all(Array.from({ length: 11 }, (_, item) => batch.add(item)))
    assert.deepEqual(batches.map((each) => each.length).sort(), [3, 4, 4])
  })

  it('lets a bad one fail alone', async () => {
    const { batch } = setUp({ refuses: (item) => item === 2 })
    const results = await Promise.allSettled([1, 2, 3].map((item) => batch.add(item)))
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed')),
      [2, 'failed', 6],
    )
    assert.equal(await batch.add(5), 10, 'and goes on')
  })

  it('fails all at once for what is nobody’s fault', async () => {
    const { batch, batches } = setUp({ refuses: () => true, common: true })
    const results = await Promise.allSettled([1, 2, 3].map((item) => batch.add(item)))
    assert.ok(results.every(({ status }) => status === 'rejected'))
    assert.equal(batches.length, 1, 'a database that is away is not asked three times more')
  })

  it('lets what is repeated wait for itself, and nobody else for it', async () => {
    const { batch, batches } = setUp({ keyOf: (item) => String(item % 10) })
    const results = await Promise.all([1, 11, 21, 2, 3].map((item) => batch.add(item)))
    assert.deepEqual(results, [2, 22, 42, 4, 6])
    assert.deepEqual(batches, [[1, 2, 3], [11], [21]])
  })

  it('does not begin what is repeated while its like is being written in another lane', async () => {
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const keyOf = (item: number) => String(item % 10)
    const { batch, batches } = setUp({ lanes: 2, keyOf, takes: () => ended })
    const first = batch.add(1)
    await setImmediate()
    const rest = [11, 2].map((item) => batch.add(item))
    await setImmediate()
    await setImmediate()
    assert.deepEqual(batches, [[1], [2]])
    end()
    await Promise.all([first, ...rest])
    assert.deepEqual(batches, [[1], [2], [11]])
  })

  it('gives up what hangs, what waits behind it, and goes on with what comes later', async () => {
    const written: number[][] = []
    const batch = createMicroBatch<number, number>({
      limit: 10,
      lanes: 1,
      within: 500,
      isCommon: () => true,
      write: (items) => {
        written.push(items)
        return items.includes(1) ? new Promise(() => {}) : Promise.resolve(items)
      },
    })
    const hung = batch.add(1)
    await setImmediate()
    const behind = batch.add(2)
    for (const [item, words] of [
      [hung, /not known/],
      [behind, /not written/],
    ] as const)
      await assert.rejects(
        item,
        (error: Error) => isDatabaseAway(error) && words.test(error.message),
      )
    assert.equal(await batch.add(3), 3)
    assert.deepEqual(written, [[1], [3]], 'what was given up while it waited is not written')
  })
})
