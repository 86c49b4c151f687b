import { type Answer, readHeader } from '../load/answer-reader.ts'
import type { Connections } from '../load/connections.ts'
import type { Meter } from '../load/meter.ts'
import { createSchedule } from '../load/schedule.ts'
import { followLetters, type Letter } from '../mail/letters.ts'
import type { ReplayTask } from '../replay-task.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { confirm, get, openLink, sendForm, viewPage } from './requests.ts'
import type { Timeline } from './timeline.ts'

/** Everyone's own way: page, form, mail, link, confirmation. */
export interface Signers {
  advance(now: number): void
  ledger: Ledger
  /** Whether every acknowledged form has its mail, and all who would have confirmed. */
  over(): boolean
}

/** Before compression. */
const READ_PAGE_MS = 60_000
const OPEN_MAIL_MS = 5_000
const OPEN_MAIL_SPREAD_MS = 60_000

/** Who does what follows from the number: one in so many, and which of them. */
const NEVER_CONFIRMS = [10, 3] as const
const SENDS_TWICE = [20, 7] as const
/** Opens the link and every page that an answer leads to; the others press the button unseen. */
const LOOKS = [10, 7] as const

const isOne = (signer: number, [of, which]: readonly [number, number]) => signer % of === which

export function createSigners(
  task: ReplayTask,
  timeline: Timeline,
  meter: Meter,
  connections: Connections,
): Signers {
  const { compress } = task
  const ledger = createLedger(timeline.signers)
  const { progress } = ledger
  const tokens = new Map<number, string>()
  const forms = createSchedule()
  const links = createSchedule()
  let toConfirm = 0
  let arrived = 0
  let underWay = 0

  followLetters(task.lettersPort, takeLetter)

  /** What is sent and must be answered before the replay is over. */
  function send(
    request: { kind: string; bytes: Buffer; due: number; expected: number[] },
    done: (answer: Answer | null) => void,
  ): void {
    underWay++
    meter.send(request, connections, (answer) => {
      underWay--
      done(answer)
    })
  }

  function follow(answer: Answer): void {
    const bytes = get(readHeader(answer, 'location')!)
    send({ kind: 'GET what follows', bytes, due: performance.now(), expected: [200] }, () => {})
  }

  function comeToPage(signer: number, due: number): void {
    send({ kind: 'GET page', bytes: viewPage, due, expected: [200] }, () => {})
    forms.add(due + READ_PAGE_MS / compress, signer)
  }

  function sign(signer: number, due: number): void {
    progress.sent++
    const bytes = sendForm(signer)
    send({ kind: 'POST sign', bytes, due, expected: [303] }, (answer) => {
      if (!answer) return
      ledger.acknowledge(signer)
      if (isOne(signer, LOOKS)) follow(answer)
      if (isOne(signer, SENDS_TWICE)) signAgain(bytes)
    })
  }

  function signAgain(bytes: Buffer): void {
    const request = { kind: 'POST sign', bytes, due: performance.now(), expected: [303] }
    send(request, () => ledger.acknowledgeAgain())
  }

  function takeLetter(letter: Letter): void {
    const { signer, at, token } = letter
    if (!ledger.takeLetter(letter) || isOne(signer, NEVER_CONFIRMS)) return
    toConfirm++
    tokens.set(signer, token!)
    const pause = OPEN_MAIL_MS + Math.random() * OPEN_MAIL_SPREAD_MS
    links.add(at - performance.timeOrigin + pause / compress, signer)
  }

  function open(signer: number, due: number): void {
    const token = tokens.get(signer)!
    tokens.delete(signer)
    if (!isOne(signer, LOOKS)) {
      press(signer, token, due)
      return
    }
    const request = { kind: 'GET confirm', bytes: openLink(token), due, expected: [200] }
    send(request, (answer) => {
      if (answer) press(signer, token, performance.now())
    })
  }

  function press(signer: number, token: string, due: number): void {
    const request = { kind: 'POST confirm', bytes: confirm(token), due, expected: [303] }
    send(request, (answer) => {
      if (!answer) return
      ledger.confirm(signer)
      if (isOne(signer, LOOKS)) follow(answer)
    })
  }

  return {
    ledger,
    advance(now) {
      for (; arrived < timeline.signers && timeline.nextDue() <= now; timeline.next()) {
        comeToPage(arrived++, timeline.nextDue())
      }
      forms.take(now, sign)
      links.take(now, open)
    },
    over: () =>
      progress.sent === timeline.signers &&
      underWay === 0 &&
      progress.mailed >= progress.acknowledged &&
      progress.confirmed === toConfirm,
  }
}
