import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { separateRepeated } from '../../src/platform/separate-repeated.ts'

describe('what may not go together', () => {
  it('is in separate rounds, in its order, and nothing is lost', () => {
    const items = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), nth: fc.nat() }))
    fc.assert(
      fc.property(items, (given) => {
        const rounds = separateRepeated(given, ({ key }) => key)
        for (const round of rounds) {
          assert.equal(new Set(round.map(({ key }) => key)).size, round.length)
        }
        for (const key of ['a', 'b', 'c']) {
          const of = (all: typeof given) => all.filter((item) => item.key === key)
          assert.deepEqual(of(rounds.flat()), of(given))
        }
        const most = Math.max(
          0,
          ...['a', 'b', 'c'].map((key) => given.filter((item) => item.key === key).length),
        )
        assert.equal(rounds.length, most, 'no more rounds than the most repeated needs')
      }),
    )
  })
})
