import type { Connection } from './limit-connections.ts'

/** 1,000 connections a second at most; fewer where turns of the event loop are long. */
const AT_A_TIME = 20
const EVERY_MS = 20

/**
 * Cuts off connections whose request took too long, a few at a time. Who holds thousands has opened them at once: if all
 * were cut at once, all would come back at once, and everybody else would wait for seconds behind them in the kernel's
 * queue, of which Node accepts one a turn. Some seconds late, the cuts stay spread from then on.
 *
 * @param cut may be called at once
 * @returns is to be told of each connection that Node finds late; it does so once a request
 */
export function cutInTurn(cut: (socket: Connection) => void): (socket: Connection) => void {
  const late: (() => void)[] = []
  let left = AT_A_TIME
  let isCounting = false

  function countTurn(): void {
    isCounting = true
    setTimeout(turn, EVERY_MS).unref()
  }

  function turn(): void {
    const now = late.splice(0, AT_A_TIME)
    left = AT_A_TIME - now.length
    for (const one of now) one()
    isCounting = false
    if (now.length > 0) countTurn()
  }

  return (socket) => {
    const isLateStill = rememberLate(socket)
    const cutLate = () => {
      if (isLateStill()) cut(socket)
    }
    if (!isCounting) countTurn()
    if (left > 0) {
      left--
      cutLate()
    } else late.push(cutLate)
  }
}

/** @returns whether the request that is late now has not arrived whole meanwhile */
function rememberLate(socket: Connection): () => boolean {
  const late = requestOf(socket)
  const { usedAt } = socket
  return () => {
    if (socket.destroyed) return false
    const now = requestOf(socket)
    // Node looks at a request's time no more once it was late: whoever sends the rest of the headers gains nothing.
    if (now) return !now.complete && (late === null || late === now)
    return late === null && socket.usedAt === usedAt
  }
}

/** The one that is being read or answered; null while headers come, and between two. */
const requestOf = ({ _httpMessage }: Connection) => _httpMessage?.req ?? null
