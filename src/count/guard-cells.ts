import { createHmac } from 'node:crypto'

/**
 * How much a cell, a petition's country, language or share link, discloses. Somebody who knows all others in it, and
 * adds and withdraws signatures of their own, must not learn from the published figure whether one
 * given person has signed. docs/decisions/0023-guarded-cells.md has the argument and its limits.
 */

/** The first figure shown of a country or a language, which it gets at 10 to 20 signatures. */
const FIRST_SHOWN = 10
/** The same of a share link, from 5 on: most bring few, and their makers wait for it. */
const FIRST_SHOWN_OF_LINK = 5
/** How far above FIRST_SHOWN the first threshold of a country or a language may lie. */
export const FIRST_SPREAD = 10
const STEP = 5
/**
 * Chance, at each signature past the least distance, that the boundary is there. With it grows
 * how much one boundary discloses, and shrinks the lag of a figure, 1 / CHANCE − 1 signatures a step.
 */
export const CHANCE = 1 / 7

export interface CellState {
  /** The published figure; 0 while the cell is part of `other`. */
  shown: number
  /** The boundary last crossed, never the count after a jump past it: the next ones lie relative to it. */
  reference: number
  /** How often `shown` has changed: each time all draws are fresh. */
  changes: number
}

export const UNSEEN_CELL: CellState = { shown: 0, reference: 0, changes: 0 }

/** Uniform in (0, 1), and always the same for the same arguments. */
export type CellDraw = (changes: number, direction: 'rise' | 'fall') => number

/** @param key from the keyring: with it every boundary can be computed */
export function drawForCell(
  key: Buffer,
  petitionId: number,
  dimension: 'country' | 'language' | 'ref',
  cell: string,
): CellDraw {
  return (changes, direction) => {
    // JSON, so that no two lists of fields are the same text.
    const text = JSON.stringify([petitionId, dimension, cell, changes, direction])
    const bits = createHmac('sha256', key).update(text).digest().readUIntBE(0, 6)
    return (bits + 0.5) / 2 ** 48
  }
}

/**
 * The cell after a batch of the log that leaves `count` signatures in it. Starting again from
 * UNSEEN_CELL would repeat draws that observers have already measured: the state must be kept.
 */
export function advanceCell(draw: CellDraw, state: CellState, count: number): CellState {
  let now = state
  for (;;) {
    const next = count > now.reference ? rise(draw, now, count) : fall(draw, now, count)
    if (next === null) return now
    now = next
  }
}

/**
 * The same of a share link. Its figure never falls: whoever made the link must not learn that somebody left. Its first
 * threshold has no end: links cost nothing, so an attacker would feel out many, and keep the one whose threshold must
 * be the last that there is.
 */
export function advanceLink(draw: CellDraw, state: CellState, count: number): CellState {
  let now = state
  for (;;) {
    const next = rise(draw, now, count, OF_LINK)
    if (next === null) return now
    now = next
  }
}

interface First {
  shown: number
  distance(uniform: number): number
}

const OF_PLACE: First = { shown: FIRST_SHOWN, distance: truncatedGeometric }
const OF_LINK: First = { shown: FIRST_SHOWN_OF_LINK, distance: geometric }

function rise(
  draw: CellDraw,
  { shown, reference, changes }: CellState,
  count: number,
  first = OF_PLACE,
) {
  const uniform = draw(changes, 'rise')
  const distance = changes === 0 ? first.distance(uniform) : geometric(uniform)
  const step = shown === 0 ? first.shown : stepUp(shown)
  const boundary = reference + step + distance
  if (count < boundary) return null
  return { shown: shown + step, reference: boundary, changes: changes + 1 }
}

function fall(draw: CellDraw, { shown, reference, changes }: CellState, count: number) {
  // Saves a draw where none could matter.
  if (shown === 0 || count > reference - stepDown(shown)) return null
  const boundary = reference - stepDown(shown) - geometric(draw(changes, 'fall'))
  if (count > boundary) return null
  return { shown: shownBelow(shown), reference: boundary, changes: changes + 1 }
}

/**
 * Least distance to the next boundary above, and the number that is then added to `shown`. From `other` it is all
 * of FIRST_SHOWN, after a fall too: the boundary crossed then lies at 0 or above, so no cell is ever
 * shown anew with fewer. The square root keeps the lag and the step itself small beside large counts.
 */
export function stepUp(shown: number): number {
  if (shown === 0) return FIRST_SHOWN
  return Math.max(STEP, STEP * Math.round(Math.min(shown / 4, 3 * Math.sqrt(shown)) / STEP))
}

/** Least distance to the next boundary below. */
export function stepDown(shown: number): number {
  return shown === FIRST_SHOWN ? STEP : shown - shownBelow(shown)
}

/** The next lower one of the figures that can be shown. */
function shownBelow(shown: number): number {
  let below = 0
  while (below + stepUp(below) < shown) below += stepUp(below)
  return below
}

/** From 0, without memory: having felt that it isn't the first k numbers says nothing of the next. */
function geometric(uniform: number): number {
  return Math.floor(Math.log(uniform) / Math.log(1 - CHANCE))
}

/** The same, given that it is no more than FIRST_SPREAD. */
function truncatedGeometric(uniform: number): number {
  const beyond = (1 - CHANCE) ** (FIRST_SPREAD + 1)
  return Math.min(FIRST_SPREAD, geometric(1 - uniform * (1 - beyond)))
}
