import { connect, type Socket } from 'node:net'
import { wait } from '../../scale/wait.ts'
import type { DripResult, DripTask } from './drip.ts'

const LETTER_EVERY_MS = 1000
/** Opened one after the other, so that the kernel refuses none. */
const AT_A_TIME = 100
const BREATH_MS = 20

process.once('message', async (task: DripTask) => process.send!(await drip(task)))

/** Holds connections by sending a request letter by letter. */
async function drip(task: DripTask): Promise<DripResult> {
  const { port, head, letter, connections, forMs, enough = Number.POSITIVE_INFINITY } = task
  const end = performance.now() + forMs
  const open = new Set<Socket>()
  const held: number[] = []
  let opened = 0
  let most = 0

  function hold(): void {
    const began = performance.now()
    const socket = connect(port, '127.0.0.1')
    opened++
    open.add(socket)
    most = Math.max(most, open.size)
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
  while (performance.now() < end && held.length < enough) {
    for (let some = 0; some < AT_A_TIME && open.size < connections; some++) hold()
    if (performance.now() > nextLetter) {
      nextLetter += LETTER_EVERY_MS
      if (letter) for (const socket of open) socket.write(letter)
    }
    await wait(BREATH_MS)
  }
  for (const socket of open) socket.destroy()
  held.sort((a, b) => a - b)
  return { opened, ended: held.length, heldMs: held[Math.floor(held.length / 2)] ?? 0, most }
}
