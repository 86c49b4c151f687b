import { MINUTE, SECOND } from '../clock.ts'
import type { Pace } from './domains.ts'

/** One connection of so many is for mails that hang; the others stay with those that don't. */
const ONE_SLOW_IN = 5
/** Of the connections so many are for domains of which nothing is known, while others wait. */
const SHARE_OF_NEW = 0.6
const LOOK_EVERY_MS = 250

/** How far a dialogue is: `content`, the server has been sent the mail and may have taken it. */
export type Stage = 'connecting' | 'envelope' | 'content'

/**
 * A dialogue hangs after so long, or after four times the usual length where that is more. Before the content a cut
 * costs nothing; after it the mail may have been taken, and comes a second time: servers that look into mails get more
 * time there.
 */
const HANGS_AFTER = { envelope: 5 * SECOND, content: 15 * SECOND }
const TIMES_USUAL = 4
/** Assumed of a server that has not yet answered a mail. */
const USUAL_AT_FIRST_MS = 5 * SECOND
const WEIGHT_OF_NEWEST = 0.1
/** The same for one that has the connection for such mails, while another waits for it. */
const LONGEST_SLOW = { envelope: MINUTE, content: 3 * MINUTE }

export interface Dialogue {
  stage(): Stage
  /** Milliseconds since the connection was ready for it. */
  age(): number
  cut(): void
}

interface Waiting {
  dialogue: Dialogue
  begin(may: boolean): void
}

/**
 * The connections. While mails wait for one, dialogues that hang are cut, so that at most one of five hangs; while
 * none waits, nobody is in a hurry and the timeouts of SMTP apply.
 */
export function createSlots(connections: number) {
  const forSlow = Math.max(1, Math.floor(connections / ONE_SLOW_IN))
  // Of one or two connections none is kept for them.
  const mayHang = connections > 2 ? forSlow : 0
  const forNew = Math.max(1, Math.floor(connections * SHARE_OF_NEW))
  const waiting: Record<Pace, Waiting[]> = { quick: [], new: [], slow: [] }
  const running = new Map<Dialogue, Pace>()
  let usual: number | null = null
  let newIsNext = false
  let stopping = false
  let looking: NodeJS.Timeout | null = null

  const count = (pace: Pace) => [...running.values()].filter((each) => each === pace).length

  function choose(): Pace | null {
    const rest = running.size < connections
    if (!rest) return null
    const others = waiting.quick.length + waiting.new.length > 0
    if (waiting.slow.length > 0 && count('slow') < (others ? mayHang : forSlow)) return 'slow'
    if (waiting.new.length > 0 && waiting.quick.length > 0) {
      newIsNext = !newIsNext
      return newIsNext && count('new') < forNew ? 'new' : 'quick'
    }
    if (waiting.quick.length > 0) return 'quick'
    return waiting.new.length > 0 ? 'new' : null
  }

  function move(): void {
    for (let pace = choose(); pace; pace = choose()) {
      const { dialogue, begin } = waiting[pace].shift()!
      running.set(dialogue, pace)
      looking ??= setInterval(look, LOOK_EVERY_MS).unref()
      begin(true)
    }
  }

  const exceeds = (dialogue: Dialogue, limit: typeof HANGS_AFTER) => {
    const stage = dialogue.stage()
    if (stage === 'connecting') return false
    return dialogue.age() > Math.max(limit[stage], TIMES_USUAL * (usual ?? USUAL_AT_FIRST_MS))
  }

  function look(): void {
    const entries = [...running]
    const slow = entries.filter(([, pace]) => pace === 'slow').map(([dialogue]) => dialogue)
    const hanging = entries
      .filter(([dialogue, pace]) => pace !== 'slow' && exceeds(dialogue, HANGS_AFTER))
      .map(([dialogue]) => dialogue)
    const isPressed = waiting.quick.length + waiting.new.length > 0
    if (isPressed && running.size >= connections) {
      const slowToo = mayHang === 0 ? slow.filter((each) => exceeds(each, HANGS_AFTER)) : []
      const tooMany = hanging.length + slow.length - mayHang
      const order = [...hanging, ...slowToo].sort((a, b) => rank(a) - rank(b) || b.age() - a.age())
      for (const dialogue of order.slice(0, Math.max(0, tooMany))) dialogue.cut()
    }
    if (waiting.slow.length > 0) {
      for (const dialogue of slow) if (exceeds(dialogue, LONGEST_SLOW)) dialogue.cut()
    }
  }

  return {
    forSlow,
    /** Waits for a connection. `give` it back. @returns false when the program stops */
    take(pace: Pace, dialogue: Dialogue): Promise<boolean> {
      return new Promise((begin) => {
        if (stopping) return begin(false)
        waiting[pace].push({ dialogue, begin })
        move()
      })
    },
    give(dialogue: Dialogue): void {
      running.delete(dialogue)
      if (dialogue.stage() !== 'connecting') {
        usual =
          (usual ?? dialogue.age()) * (1 - WEIGHT_OF_NEWEST) + dialogue.age() * WEIGHT_OF_NEWEST
      }
      if (running.size === 0 && looking) {
        clearInterval(looking)
        looking = null
      }
      move()
    },
    stop(): void {
      stopping = true
      for (const line of Object.values(waiting))
        for (const each of line.splice(0)) each.begin(false)
    },
    resume(): void {
      stopping = false
    },
    /** Ends what still runs. */
    cutAll(): void {
      for (const dialogue of running.keys()) dialogue.cut()
    },
  }
}

/** Those that cost nothing first. */
const rank = (dialogue: Dialogue) => (dialogue.stage() === 'content' ? 1 : 0)
