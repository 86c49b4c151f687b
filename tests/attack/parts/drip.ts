import { connect, type Socket } from 'node:net'
import { wait } from '../../scale/wait.ts'

const LETTER_EVERY_MS = 1000
/** Opened one after the other, so that the kernel refuses none. */
const AT_A_TIME = 100
const BREATH_MS = 20

interface Drip {
  /** Sent at once. */
  head: string
  /** Sent again and again. */
  letter: string
  connections: number
  /** For so long each that is cut off is replaced. */
  forMs: number
}

/**
 * Holds connections by sending a request letter by letter.
 *
 * @returns how many were opened in all, how many of them the server ended, and the milliseconds that half of these were
 * held
 */
export async function drip(port: number, { head, letter, connections, forMs }: Drip) {
  const end = performance.now() + forMs
  const open = new Set<Socket>()
  const held: number[] = []
  let opened = 0

  function hold(): void {
    const began = performance.now()
    const socket = connect(port, '127.0.0.1')
    opened++
    open.add(socket)
    socket.on('error', () => {})
    // Whoever keeps a connection reads nothing, and does not hang up by himself.
    socket.on('end', () => socket.destroy())
    socket.resume()
    socket.write(head)
    socket.on('close', () => {
      open.delete(socket)
      if (performance.now() >= end) return
      held.push(performance.now() - began)
    })
  }

  let nextLetter = performance.now() + LETTER_EVERY_MS
  while (performance.now() < end) {
    for (let some = 0; some < AT_A_TIME && open.size < connections; some++) hold()
    if (performance.now() > nextLetter) {
      nextLetter += LETTER_EVERY_MS
      for (const socket of open) socket.write(letter)
    }
    await wait(BREATH_MS)
  }
  for (const socket of open) socket.destroy()
  held.sort((a, b) => a - b)
  return { opened, ended: held.length, heldMs: held[Math.floor(held.length / 2)] ?? 0 }
}

export const tellDrip = ({ opened, ended, heldMs }: Awaited<ReturnType<typeof drip>>): string =>
  `${opened.toLocaleString('en')} connections opened, ${ended.toLocaleString('en')} cut off, half of these within ${(heldMs / 1000).toFixed(1)} s`
