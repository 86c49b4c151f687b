import type { Attack } from '../attack.ts'
import { flood } from '../parts/flood.ts'

export const attack: Attack = {
  name: 'made-up-tokens',
  what: 'confirmations with made-up tokens, as many as 16 connections carry',
  sizes: { short: 2, long: 30 },
  bearable: 1500,
  async run(stage, seconds) {
    const body = 'decision=confirm'
    const head = [
      'POST /en/confirm/{token} HTTP/1.1',
      'Host: x',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ]
    const request = `${head.join('\r\n')}\r\n\r\n${body}`
    return flood(stage, seconds, request, 404)
  },
}
