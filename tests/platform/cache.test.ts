import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { type Fresh, keepFresh } from '../../src/platform/cache.ts'
import { TooLate } from '../../src/platform/in-time.ts'

const FOR_EVER = 1e9

describe('a value kept fresh', () => {
  /** Each load waits here until the test answers it. */
  let loads: PromiseWithResolvers<string>[]
  const make = (options: { maxAge?: number; mayBeStale?: (error: unknown) => boolean } = {}) =>
    keepFresh<string>({
      maxAge: options.maxAge ?? FOR_EVER,
      mayBeStale: options.mayBeStale ?? (() => true),
      load: () => {
        const load = withResolvers<string>()
        loads.push(load)
        return load.promise
      },
    })
  beforeEach(() => {
    loads = []
  })

  async function loaded(fresh: Fresh<string>, value: string) {
    const got = fresh.get()
    loads.at(-1)!.resolve(value)
    assert.equal(await got, value)
  }

  it('is loaded once for a thousand readers at the same time', async () => {
    const fresh = make()
    const readers = Array.from({ length: 1000 }, () => fresh.get())
    assert.equal(loads.length, 1)
    loads[0]!.resolve('a')
    assert.deepEqual(new Set(await Promise.all(readers)), new Set(['a']))
  })

  it('is not loaded before anyone asks, nor again while it is fresh', async () => {
    const fresh = make()
    assert.equal(loads.length, 0)
    await loaded(fresh, 'a')
    assert.equal(await fresh.get(), 'a')
    assert.equal(loads.length, 1)
  })

  it('is loaded anew when it is too old, and never given too old', async () => {
    const fresh = make({ maxAge: 0 })
    await loaded(fresh, 'a')
    await loaded(fresh, 'b')
    assert.equal(loads.length, 2)
  })

  it('is given stale when loading fails in a way that was accepted', async () => {
    const away = new Error('away')
    const fresh = make({ maxAge: 0, mayBeStale: (error) => error === away })
    await loaded(fresh, 'a')
    const got = fresh.get()
    loads[1]!.reject(away)
    assert.equal(await got, 'a')
    await loaded(fresh, 'b')
  })

  it('once given stale is kept for a while, so that readers don’t queue for what is away', async () => {
    const fresh = make()
    await loaded(fresh, 'a')
    fresh.drop()
    const got = fresh.get()
    loads[1]!.reject(new Error('away'))
    assert.equal(await got, 'a')
    assert.equal(await fresh.get(), 'a')
    assert.equal(loads.length, 2)
  })

  it('is not given stale when loading fails in another way: every reader learns of it', async () => {
    const fresh = make({ maxAge: 0, mayBeStale: () => false })
    await loaded(fresh, 'a')
    const readers = [fresh.get(), fresh.get()]
    loads[1]!.reject(new Error('wrong'))
    for (const reader of readers) await assert.rejects(reader, /wrong/)
  })

  it('that was never loaded can’t be stale: the error passes, and the next reader tries again', async () => {
    const fresh = make()
    const got = fresh.get()
    loads[0]!.reject(new Error('away'))
    await assert.rejects(got, /away/)
    await loaded(fresh, 'a')
  })

  it('is loaded anew after a drop', async () => {
    const fresh = make()
    await loaded(fresh, 'a')
    fresh.drop()
    await loaded(fresh, 'b')
    assert.equal(await fresh.get(), 'b')
  })

  it('that was on its way when it was dropped is not kept: it may tell what was before', async () => {
    const fresh = make()
    const before = fresh.get()
    fresh.drop()
    const after = fresh.get()
    assert.equal(loads.length, 2)
    loads[1]!.resolve('new')
    assert.equal(await after, 'new')
    loads[0]!.resolve('old')
    assert.equal(await before, 'old')
    assert.equal(await fresh.get(), 'new')
    assert.equal(loads.length, 2)
  })

  it('that fails after a drop does not end the load that came after it', async () => {
    const fresh = make()
    const before = fresh.get()
    fresh.drop()
    const after = fresh.get()
    loads[0]!.reject(new Error('away'))
    await assert.rejects(before, /away/)
    const joined = fresh.get()
    assert.equal(loads.length, 2)
    loads[1]!.resolve('new')
    assert.deepEqual(await Promise.all([after, joined]), ['new', 'new'])
  })

  it('is renewed by one load for everyone who asks meanwhile, begun after they asked', async () => {
    const fresh = make()
    const before = fresh.get()
    const renewals = [fresh.renew(), fresh.renew()]
    assert.equal(loads.length, 1, 'what is under way is not begun twice')
    loads[0]!.resolve('old')
    assert.equal(await before, 'old')
    await new Promise(setImmediate)
    assert.equal(loads.length, 2)
    loads[1]!.resolve('new')
    assert.deepEqual(await Promise.all(renewals), ['new', 'new'])
    assert.equal(await fresh.get(), 'new')
    assert.equal(loads.length, 2)
  })

  it('that could not be renewed is what it was, where that will do', async () => {
    const fresh = make()
    await loaded(fresh, 'a')
    const renewal = fresh.renew()
    await new Promise(setImmediate)
    loads.at(-1)!.reject(new Error('away'))
    assert.equal(await renewal, 'a')
  })
})

const isTooLate = (error: unknown) => error instanceof TooLate

describe('a value whose load hangs', () => {
  const hang = () => new Promise<string>(() => {})

  it('is given stale after a while to those who wait, and at once to those who come later', async () => {
    let loads = 0
    const fresh = keepFresh<string>({
      maxAge: 0,
      mayBeStale: isTooLate,
      load: () => (loads++ === 0 ? Promise.resolve('a') : hang()),
    })
    await fresh.get()
    const since = performance.now()
    assert.deepEqual(await Promise.all([fresh.get(), fresh.get()]), ['a', 'a'])
    const waited = performance.now() - since
    assert.ok(waited > 500, `${waited} ms: a load that takes a moment is waited for`)
    for (let reader = 0; reader < 10; reader++) assert.equal(await fresh.get(), 'a')
    assert.ok(performance.now() - since < 2 * waited, 'later readers wait for nothing')
    assert.equal(loads, 2, 'no second load begins beside one that hangs')
  })

  it('that was never loaded fails in the end', async () => {
    const fresh = keepFresh<string>({ maxAge: 0, mayBeStale: () => true, load: hang })
    await assert.rejects(fresh.get(), isTooLate)
  })
})

interface PromiseWithResolvers<T> {
  promise: Promise<T>
  resolve: (value: T) => void
  reject: (error: Error) => void
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void
  let reject!: (error: Error) => void
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
