import { CHANCE, FIRST_SPREAD, stepDown, stepUp } from '../../src/count/guard-cells.ts'

/**
 * An observer of one cell who knows the code but not the key, how many signatures of their own are in it
 * and, up to a prior, how many of others; and wants to know whether the target's is. Computes the exact
 * odds of everything seen, if the target has signed and if not.
 */
export interface CellObserver {
  /** @param visible what a cell with this `shown` would look like in the batch */
  see(
    own: number,
    targetMayHaveSigned: boolean,
    visible: (shown: number) => number,
    row: number,
  ): void
  /** How likely it is that the target has signed. */
  odds(): number
}

/** What the server's hidden state may be, and what has been felt out of it since it last changed. */
interface Guess {
  weight: number
  shown: number
  reference: number
  /** Least and greatest count since then: no boundary lies between. */
  least: number
  greatest: number
  first: boolean
}

export function observeCell(others: readonly number[]): CellObserver {
  let hypotheses = [0, 1].flatMap((target) =>
    others.map((count) => ({ target, count, guesses: [{ ...crossed(1, 0, 0), first: true }] })),
  )
  return {
    see(own, targetMayHaveSigned, visible, row) {
      let sum = 0
      for (const each of hypotheses) {
        const count = own + each.count + (targetMayHaveSigned ? each.target : 0)
        const possible: Guess[] = []
        for (const guess of each.guesses) spread(guess, count, possible)
        each.guesses = []
        for (const guess of possible) {
          if (visible(guess.shown) !== row) continue
          sum += guess.weight
          each.guesses.push(guess)
        }
      }
      hypotheses = hypotheses.filter(({ guesses }) => guesses.length > 0)
      for (const { guesses } of hypotheses) for (const guess of guesses) guess.weight /= sum
    },
    odds: () =>
      hypotheses
        .filter(({ target }) => target === 1)
        .reduce(
          (sum, { guesses }) => sum + guesses.reduce((part, { weight }) => part + weight, 0),
          0,
        ),
  }
}

/**
 * An observer of a cell whose row depends on nothing but how many are in it: one count that has two
 * rows refutes whoever believes in it. Needs no knowledge of where the thresholds lie.
 */
export function compareRows(): CellObserver {
  const hypotheses = [0, 1].map((target) => ({
    target,
    rows: new Map<number, number>(),
    holds: true,
  }))
  return {
    see(own, targetMayHaveSigned, _, row) {
      for (const each of hypotheses) {
        const count = own + (targetMayHaveSigned ? each.target : 0)
        if ((each.rows.get(count) ?? row) !== row) each.holds = false
        each.rows.set(count, row)
      }
    },
    odds() {
      const [not, signed] = hypotheses
      return not!.holds === signed!.holds ? 0.5 : Number(signed!.holds)
    },
  }
}

/** Adds to `found` everything that can have become of a cell once it holds `count`; uses up `guess`. */
function spread(guess: Guess, count: number, found: Guess[]): void {
  const { weight, shown, reference, least, greatest, first } = guess
  if (count > greatest) {
    const nearest = reference + stepUp(shown)
    const left = atLeast(greatest + 1 - nearest, first)
    for (let at = Math.max(nearest, greatest + 1); at <= count; at++) {
      const here = atLeast(at - nearest, first) - atLeast(at + 1 - nearest, first)
      if (here > 0) {
        spread(crossed((weight * here) / left, shown + stepUp(shown), at), count, found)
      }
    }
    const beyond = atLeast(count + 1 - nearest, first)
    guess.weight = (weight * beyond) / left
    guess.greatest = count
    if (beyond > 0) found.push(guess)
  } else if (shown > 0 && count < least) {
    const nearest = reference - stepDown(shown)
    const left = atLeast(nearest - least + 1, false)
    for (let at = Math.min(nearest, least - 1); at >= count; at--) {
      const here = atLeast(nearest - at, false) - atLeast(nearest - at + 1, false)
      // From the lowest figure a cell falls to 0, whatever its step.
      const lower = shown - stepUp(0) === 0 ? 0 : shown - stepDown(shown)
      spread(crossed((weight * here) / left, lower, at), count, found)
    }
    const beyond = atLeast(nearest - count + 1, false)
    guess.weight = (weight * beyond) / left
    guess.least = count
    found.push(guess)
  } else {
    guess.least = Math.min(least, count)
    found.push(guess)
  }
}

const crossed = (weight: number, shown: number, at: number): Guess => ({
  weight,
  shown,
  reference: at,
  least: at,
  greatest: at,
  first: false,
})

/** Chance that a boundary lies at least `distance` past the nearest place for it. */
function atLeast(distance: number, first: boolean): number {
  if (distance <= 0) return 1
  const plain = power(distance)
  if (!first) return plain
  const beyond = power(FIRST_SPREAD + 1)
  return distance > FIRST_SPREAD ? 0 : (plain - beyond) / (1 - beyond)
}

const powers: number[] = []
const power = (of: number) => (powers[of] ??= (1 - CHANCE) ** of)
