import { type Attack, portOf } from '../attack.ts'
import { flood, tellFlood } from '../parts/flood.ts'

const CONNECTIONS = 16

export const attack: Attack = {
  name: 'made-up-tokens',
  what: 'confirmations with made-up tokens, as many as 16 connections carry',
  sizes: { short: 2, long: 30 },
  sized: (size) => `${size} s`,
  bearable: 1500,
  async run(stage, seconds) {
    const forMs = seconds * 1000
    const body = 'decision=confirm'
    const head = [
      'POST /en/confirm/{token} HTTP/1.1',
      'Host: x',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ]
    const request = `${head.join('\r\n')}\r\n\r\n${body}`
    const task = { port: portOf(stage), connections: CONNECTIONS, forMs, request }
    return tellFlood(await flood(task), forMs)
  },
}
