import { SECOND } from '../clock.ts'
import type { Domains, Pace } from './domains.ts'
import { MailStopping, type Wait } from './mail.ts'
import { createSlots, type Dialogue } from './slots.ts'

/** Mails a connection that are looked up and marked before one is free for them, so that none idles. */
const AHEAD = 24
/** Where so many mails wait, places are given to them together, so that one transaction marks them. */
const TOGETHER = 50
/** Slow domains of which one mail each may wait here; others go back into the queue. */
const SLOW_WAITING = 20
/** Then those are tried again. */
const BACK_AFTER_MS = 15 * SECOND

/** A place in the lanes: its holder marks the mail, waits for a connection by `take`, sends, and leaves. */
interface Turn {
  /** Waits for a connection. @returns false when the program stops: the mail must not go out */
  take(dialogue: Dialogue): Promise<boolean>
  /** Safe to repeat. */
  leave(): void
}

interface Offer {
  domain: string
  hung: boolean
  answer(place: Turn | Wait): void
  refuse(error: Error): void
}

/**
 * Mails wait here for a place, a line for each recipient's domain, and the lines take turns. Mails to slow domains
 * have one connection of five, wait in a short line of their own and otherwise go back to the caller, so that none
 * of them holds a job. A mail that hung before counts as slow whatever its domain.
 */
export function createLanes(connections: number, domains: Domains) {
  const slots = createSlots(connections)
  const lines = new Map<string, Offer[]>()
  const slowLine: Offer[] = []
  const places = { slow: 0, other: 0 }
  const together = Math.min(TOGETHER, (connections * AHEAD) / 2)
  let waiting = 0
  let stopping = false

  function give({ answer }: Offer, pace: Pace): void {
    const lane = pace === 'slow' ? 'slow' : 'other'
    let left = false
    places[lane]++
    answer({
      take: (dialogue) => slots.take(pace, dialogue),
      leave() {
        if (left) return
        left = true
        places[lane]--
        move()
      },
    })
  }

  function move(): void {
    while (slowLine.length > 0 && places.slow < slots.forSlow) {
      const offer = slowLine.shift()!
      // It may have hung meanwhile.
      const pause = pauseOf(offer)
      if (pause > 0) putOff(offer, pause)
      else give(offer, 'slow')
    }
    const free = connections * AHEAD - places.other
    if (free < Math.min(waiting, together)) return
    for (let count = Math.min(free, waiting); count > 0 && waiting > 0; count--) takeNext()
  }

  /** The line whose turn it is goes behind the others. */
  function takeNext(): void {
    const [domain, line] = lines.entries().next().value!
    const offer = line.shift()!
    waiting--
    lines.delete(domain)
    if (line.length > 0) lines.set(domain, line)
    const pace = domains.paceOf(domain)
    if (pace === 'slow') waitSlow(offer)
    else give(offer, pace)
  }

  function waitSlow(offer: Offer): void {
    const pause = pauseOf(offer)
    const isFull =
      slowLine.length >= SLOW_WAITING || slowLine.some(({ domain }) => domain === offer.domain)
    if (pause > 0 || isFull) putOff(offer, pause || BACK_AFTER_MS)
    else slowLine.push(offer)
  }

  /** A mail that hung before comes when its own pause is over. */
  const pauseOf = ({ domain, hung }: Offer) => (hung ? 0 : domains.pauseOf(domain))

  /** Not all come back at the same moment. */
  const putOff = ({ answer }: Offer, pause: number) =>
    answer({ wait: Math.round(pause * (1 + Math.random() / 4)) })

  return {
    slots,
    /** @param hung whether the mail itself hung before @throws MailStopping */
    enter(domain: string, hung: boolean): Promise<Turn | Wait> {
      return new Promise((answer, refuse) => {
        if (stopping) return refuse(new MailStopping())
        const offer = { domain, hung, answer, refuse }
        if (hung || domains.paceOf(domain) === 'slow') waitSlow(offer)
        else {
          const line = lines.get(domain)
          if (line) line.push(offer)
          else lines.set(domain, [offer])
          waiting++
        }
        // All that come in the same turn of the event loop are marked together.
        setImmediate(move)
      })
    },
    /** Turns everybody away who waits, and all who come until `resume`. */
    stop(): void {
      stopping = true
      const left = [...slowLine.splice(0), ...[...lines.values()].flat()]
      lines.clear()
      waiting = 0
      for (const { refuse } of left) refuse(new MailStopping())
      slots.stop()
    },
    resume(): void {
      stopping = false
      slots.resume()
    },
  }
}
