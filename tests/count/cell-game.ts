import {
  advanceCell,
  type CellDraw,
  drawForCell,
  UNSEEN_CELL,
} from '../../src/count/guard-cells.ts'
import { publicCells } from '../../src/count/public-figures.ts'
import { type CellObserver, observeCell } from './cell-observer.ts'

/** One game as whoever attacks sees it. Every move is a batch of the log of its own. */
export interface Play {
  /** The cell's figure in the last batch, 0 if it had none. */
  row(): number
  /** Signatures of the observer's own in the cell. */
  own(): number
  add(signatures: number): void
  withdraw(signatures: number): void
  /** One signature comes in: the target's, or somebody's elsewhere, so that the total is the same. */
  letTargetSign(): void
}

export type Strategy = (play: Play) => void

export interface Setting {
  /** One of these numbers of others is in the cell; to the observer all are equally likely. */
  others?: readonly number[]
  elsewhere?: number
  /** Cells that the target and the observer's signatures are in: a country, or a language too. */
  cells?: number
  /** Another guard, and an observer who knows it. */
  advance?: typeof advanceCell
  observe?: (others: readonly number[]) => CellObserver
}

/** The observer is sure of everybody but the target. */
const WORST_CASE = {
  others: [0],
  elsewhere: 500,
  cells: 1,
  advance: advanceCell,
  observe: observeCell,
}

export interface Score {
  /** Share of games in which the likelier answer was right. */
  success: number
  /** What the observer's own odds promised: the same, unless they are computed wrongly. */
  expected: number
}

const KEY = Buffer.alloc(32, 'cell-game')

/** Spares sorting three lists a move. */
const rowsSeen = new Map<string, number>()

/** @param seed any number: the same games for the same one */
export function playGames(
  games: number,
  seed: number,
  strategy: Strategy,
  given: Setting = {},
): Score {
  const setting = { ...WORST_CASE, ...given }
  const random = uniform(drawForCell(KEY, seed, 'language', 'game'))
  let right = 0
  let expected = 0
  for (let game = 0; game < games; game++) {
    const signs = random() < 0.5
    const others = setting.others[Math.floor(random() * setting.others.length)]!
    const odds = Array.from({ length: setting.cells }, (_, index) => {
      const draw = remembered(drawForCell(KEY, seed * games + game, 'country', `${index}`))
      return observeGame(strategy, draw, signs, others, setting)
    })
    const both = odds.reduce((product, each) => product * each, 1)
    const neither = odds.reduce((product, each) => product * (1 - each), 1)
    const belief = both / (both + neither)
    const guess = Math.abs(belief - 0.5) < 1e-9 ? random() < 0.5 : belief > 0.5
    if (guess === signs) right++
    expected += Math.max(belief, 1 - belief)
  }
  return { success: right / games, expected: expected / games }
}

function observeGame(
  strategy: Strategy,
  draw: CellDraw,
  targetSigns: boolean,
  others: number,
  setting: Required<Setting>,
): number {
  const observer = setting.observe(setting.others)
  let { state, count, own, total, came, row } = {
    state: UNSEEN_CELL,
    count: others,
    own: 0,
    total: others + setting.elsewhere,
    came: false,
    row: 0,
  }
  const visible = (shown: number) => rowOf(total, shown)
  const publish = () => {
    state = setting.advance(draw, state, count)
    row = visible(state.shown)
    observer.see(own, came, visible, row)
  }
  const bring = (signatures: number) => {
    own += signatures
    count += signatures
    total += signatures
    publish()
  }
  publish()
  strategy({
    row: () => row,
    own: () => own,
    add: bring,
    withdraw: (signatures) => bring(-Math.min(signatures, own)),
    letTargetSign() {
      came = true
      total++
      if (targetSigns) count++
      publish()
    },
  })
  return observer.odds()
}

/** The cell's row in what is really published. */
function rowOf(total: number, shown: number): number {
  const place = `${total} ${shown}`
  let row = rowsSeen.get(place)
  if (row === undefined) {
    const rows = publicCells(total, [{ key: 'AZ', shown }])
    row = rows.find(({ key }) => key === 'AZ')?.signatures ?? 0
    rowsSeen.set(place, row)
  }
  return row
}

function uniform(draw: CellDraw): () => number {
  let drawn = 0
  return () => draw(drawn++, 'rise')
}

/** Spares an HMAC a batch; the draws are the same. */
function remembered(draw: CellDraw): CellDraw {
  const known = { rise: [] as number[], fall: [] as number[] }
  return (changes, direction) => (known[direction][changes] ??= draw(changes, direction))
}
