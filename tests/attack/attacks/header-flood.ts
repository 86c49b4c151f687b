import { type Attack, portOf } from '../attack.ts'
import { flood, tellFlood } from '../parts/flood.ts'

const TOO_LONG = 'x'.repeat(17_000)
const CONNECTIONS = 16

export const attack: Attack = {
  name: 'header-flood',
  what: 'requests with more headers than are taken, as many as 16 connections carry',
  sizes: { short: 3, long: 30 },
  sized: (size) => `${size} s`,
  bearable: 1500,
  async run(stage, seconds) {
    const forMs = seconds * 1000
    const request = `GET /en/ HTTP/1.1\r\nHost: x\r\nX-{n}: ${TOO_LONG}\r\n\r\n`
    const task = { port: portOf(stage), connections: CONNECTIONS, forMs, request }
    return tellFlood(await flood(task), forMs)
  },
}
