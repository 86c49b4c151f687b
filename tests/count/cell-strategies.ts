import type { Play, Strategy } from './cell-game.ts'

/** No boundary is nearer than this: so far a move tells nothing, and can be made at once. */
const STEP = 5
/** A boundary lies further off once in 10,000 times. */
const PATIENCE = 60

/** Adds one by one until what is shown changes. */
function untilRise(play: Play, most = PATIENCE): void {
  const before = play.row()
  for (let added = 0; play.row() === before && added < most; added++) play.add(1)
}

/** Withdraws one by one until what is shown changes, or nothing own is left. */
function untilFall(play: Play): void {
  const before = play.row()
  while (play.row() === before && play.own() > 0) play.withdraw(1)
}

function climb(play: Play, rises: number): void {
  for (let rise = 0; rise < rises; rise++) untilRise(play)
}

function oscillate(play: Play, times: number): void {
  for (let time = 0; time < times; time++) {
    untilRise(play)
    untilFall(play)
  }
}

/** Stays below the first threshold if it is above `upTo`. */
const feelOut =
  (upTo: number): Strategy =>
  (play) => {
    untilRise(play, upTo)
    // Shown sooner: just below the nearest place of the next boundary, which is now known.
    if (play.row() > 0) play.add(STEP - 1)
    play.letTargetSign()
    untilRise(play)
    untilFall(play)
  }

export const strategies = {
  'adds one by one until the cell shows'(play: Play) {
    play.letTargetSign()
    untilRise(play)
  },
  'climbs through six steps'(play: Play) {
    play.letTargetSign()
    climb(play, 6)
  },
  'feels out the first threshold up to 9': feelOut(9),
  'feels out the first threshold up to 14': feelOut(14),
  'feels out the first threshold up to 19': feelOut(19),
  'measures a boundary, stands below the next, and goes on after the target'(play: Play) {
    climb(play, 2)
    play.add(STEP - 1)
    play.letTargetSign()
    climb(play, 3)
  },
  'feels out a later boundary without crossing it'(play: Play) {
    climb(play, 2)
    untilRise(play, STEP + 9)
    play.letTargetSign()
    climb(play, 2)
  },
  'measures downward'(play: Play) {
    climb(play, 4)
    play.letTargetSign()
    while (play.own() > 0) play.withdraw(1)
  },
  'touches the nearest place above, then below, then climbs'(play: Play) {
    climb(play, 2)
    play.add(STEP - 1)
    play.letTargetSign()
    play.withdraw(2 * STEP - 1)
    untilFall(play)
    climb(play, 2)
  },
  'oscillates five times over one step'(play: Play) {
    play.letTargetSign()
    oscillate(play, 5)
  },
  'oscillates before the target and after'(play: Play) {
    oscillate(play, 3)
    play.letTargetSign()
    oscillate(play, 3)
  },
  'makes the cell join `other` and show anew, again and again'(play: Play) {
    climb(play, 2)
    play.letTargetSign()
    play.add(STEP)
    for (let time = 0; time < 3; time++) {
      while (play.own() > 0 && play.row() > 0) play.withdraw(1)
      climb(play, 2)
    }
  },
  'adds four at a time, and takes three back'(play: Play) {
    climb(play, 1)
    play.letTargetSign()
    for (let time = 0; time < 15; time++) {
      play.add(4)
      play.withdraw(3)
    }
  },
} satisfies Record<string, Strategy>
