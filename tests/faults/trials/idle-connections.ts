import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { wait } from '../../scale/wait.ts'
import type { Trial } from '../trial.ts'

const CONNECTIONS = 10_000
const AT_A_TIME = 100
const MOST_MEGABYTES = 200
const SETTLED_MS = 3000
const REQUEST = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'

export const trial: Trial = {
  name: 'idle-connections',
  what: '10,000 connections that stay open and silent, while people sign',
  sizes: { short: 1, long: 3 },
  crowd: { signers: 10, readers: 20 },
  async run({ site, ran, check }, size) {
    const [node] = site.nodes
    const port = Number(new URL(site.origin).port)
    for (let nth = 0; nth < size; nth++) {
      const before = await node!.weigh()
      const idle: Socket[] = []
      while (idle.length < CONNECTIONS) {
        idle.push(...(await Promise.all(Array.from({ length: AT_A_TIME }, () => open(port)))))
      }
      await wait(SETTLED_MS)
      const megabytes = (await node!.weigh()).megabytes - before.megabytes
      check('they take little memory', megabytes < MOST_MEGABYTES, `${Math.round(megabytes)} MB`)
      for (let more = 0; more < AT_A_TIME; more++) idle.push(await open(port))
      check('newcomers are let in', true, `${idle.length} came`)
      for (const socket of idle) socket.destroy()
      ran()
    }
  },
}

/** @throws when it is closed unanswered */
async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.write(REQUEST)
  const closed = once(socket, 'close').then(() => Promise.reject(new Error('closed unanswered')))
  await Promise.race([once(socket, 'data'), closed])
  closed.catch(() => {})
  return socket.resume().on('error', () => {})
}
