import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accumulate, plotGrowth } from '../../src/pages/verify/plot-growth.ts'

const corners = (line: string) => line.split(' ').map((corner) => corner.split(',').map(Number))

describe('the drawing of the growth', () => {
  it('rises in steps from nothing to the whole', () => {
    const rows = [
      { key: '2024-11-11', signatures: 10 },
      { key: '2024-11-12', signatures: 30 },
      { key: '2024-11-15', signatures: 60 },
    ]
    const points = accumulate(rows)
    assert.deepEqual(
      points.map(({ total }) => total),
      [10, 40, 100],
    )
    const plot = plotGrowth(points)!
    const drawn = corners(plot.line)
    assert.deepEqual(drawn[0], [0, plot.height])
    assert.deepEqual(drawn.at(-1), [plot.width, 2])
    assert.ok(
      drawn.every(([x, y], place) => place === 0 || (x! >= drawn[place - 1]![0]! && y! >= 2)),
    )
    assert.ok(
      drawn.some(([x]) => x === plot.width / 4),
      'a day of four is a quarter of the width',
    )
  })

  it('has nothing to show of a single day, or of nothing', () => {
    assert.equal(plotGrowth(accumulate([{ key: '2024-11-11', signatures: 5 }])), null)
    assert.equal(plotGrowth([]), null)
  })

  it('stays light however long a petition runs', () => {
    const rows = Array.from({ length: 20_000 }, (_, hour) => ({
      key: `${new Date(hour * 3_600_000).toISOString().slice(0, 13)}Z`,
      signatures: 1,
    }))
    assert.ok(plotGrowth(accumulate(rows))!.line.length < 12_000)
  })
})
