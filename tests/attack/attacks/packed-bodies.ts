import { PETITION } from '../../scale/petition.ts'
import { type Attack, portOf } from '../attack.ts'
import { flood, tellFlood } from '../parts/flood.ts'

const CONNECTIONS = 16

export const attack: Attack = {
  name: 'packed-bodies',
  what: 'forms that say they are packed, as a decompression bomb does, as many as 16 connections carry',
  sizes: { short: 2, long: 30 },
  sized: (size) => `${size} s`,
  bearable: 1500,
  async run(stage, seconds) {
    const forMs = seconds * 1000
    const head = [
      `POST ${PETITION.page}/signatures HTTP/1.1`,
      'Host: x',
      'Content-Type: application/x-www-form-urlencoded',
      'Content-Encoding: gzip',
      'Content-Length: 16000',
    ]
    const request = `${head.join('\r\n')}\r\n\r\n${'x'.repeat(16_000)}`
    const task = { port: portOf(stage), connections: CONNECTIONS, forMs, request }
    return tellFlood(await flood(task), forMs)
  },
}
