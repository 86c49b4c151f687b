import { type Attack, portOf } from '../attack.ts'
import { flood, tellFlood } from '../parts/flood.ts'

const CONNECTIONS = 16

export const attack: Attack = {
  name: 'made-up-codes',
  what: 'made-up share codes that a partner could have (`/s/…`), as many as 16 connections carry',
  sizes: { short: 2, long: 30 },
  sized: (size) => `${size} s`,
  bearable: 1500,
  async run(stage, seconds) {
    const forMs = seconds * 1000
    const request = 'GET /s/{code} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    const task = { port: portOf(stage), connections: CONNECTIONS, forMs, request }
    return tellFlood(await flood(task), forMs)
  },
}
