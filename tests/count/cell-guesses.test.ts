import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  advanceLink,
  type CellDraw,
  type CellState,
  drawForCell,
  UNSEEN_CELL,
} from '../../src/count/guard-cells.ts'
import { playGames, type Score } from './cell-game.ts'
import { compareRows } from './cell-observer.ts'
import { strategies } from './cell-strategies.ts'

const GAMES = 10_000
/** More than three standard deviations of a share of so many games. */
const CHANCE_FLUCTUATION = 0.02

const showScore = (name: string, { success, expected }: Score) =>
  `${(100 * success).toFixed(1)} % (odds: ${(100 * expected).toFixed(1)} %) ${name}`

test('an observer who adds and withdraws signatures of their own hardly learns whether one other person has signed', (t) => {
  const games = [
    ...Object.entries(strategies).map(([name, strategy]) => ({ name, strategy, setting: {} })),
    {
      name: 'feels out the first threshold, unsure how many others there are',
      strategy: strategies['feels out the first threshold up to 14'],
      setting: { others: [0, 1, 2, 3] },
    },
    {
      name: 'climbs through six steps above six others',
      strategy: strategies['climbs through six steps'],
      setting: { others: [6] },
    },
    {
      name: 'measures downward where nobody else signs, so that figures meet the total',
      strategy: strategies['measures downward'],
      setting: { elsewhere: 0 },
    },
  ]
  for (const [index, { name, strategy, setting }] of games.entries()) {
    const score = playGames(GAMES, index, strategy, setting)
    t.diagnostic(showScore(name, score))
    assert.ok(score.success <= 0.6, name)
    assert.ok(Math.abs(score.success - score.expected) < CHANCE_FLUCTUATION, `odds: ${name}`)
  }
})

test('through country and language at once the observer learns a little more', (t) => {
  const score = playGames(GAMES, 100, strategies['adds one by one until the cell shows'], {
    cells: 2,
  })
  t.diagnostic(showScore('adds one by one until both cells show', score))
  assert.ok(score.success <= 0.68)
})

test('whoever feels out many share links and keeps those that fit learns no more from any of them', (t) => {
  for (const own of [4, 9, 12, 14, 19]) {
    const links = Array.from({ length: 60_000 }, (_, at) =>
      drawForCell(Buffer.alloc(32, 'links'), own, 'ref', `${at}`),
    )
    const shows = (draw: CellDraw, count: number) => advanceLink(draw, UNSEEN_CELL, count).shown > 0
    const kept = links.filter((draw) => !shows(draw, own))
    // Every other one is given to somebody who signs.
    const right = kept.filter((draw, at) => {
      const signs = at % 2 === 0
      return shows(draw, own + Number(signs)) === signs
    })
    const success = right.length / kept.length
    t.diagnostic(`${(100 * success).toFixed(1)} % of ${kept.length} links with ${own} of one's own`)
    assert.ok(success <= 0.6, `${own}`)
  }
})

test('thresholds that are fixed, or drawn once and used again, tell who has signed', (t) => {
  const guards = {
    'multiples of five': (_: CellDraw, state: CellState, count: number) => ({
      ...state,
      shown: count < 10 ? 0 : count - (count % 5),
    }),
    'drawn once': (draw: CellDraw, state: CellState, count: number) => {
      let shown = 0
      while (count >= shown + 10 + Math.floor(draw(shown, 'rise') * 5)) shown += 5
      return { ...state, shown }
    },
  }
  for (const [name, advance] of Object.entries(guards)) {
    const strategy = strategies['oscillates before the target and after']
    const score = playGames(1000, 200, strategy, { advance, observe: compareRows })
    t.diagnostic(showScore(name, score))
    assert.ok(score.success > 0.9, name)
  }
})
