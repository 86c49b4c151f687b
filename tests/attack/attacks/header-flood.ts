import type { Attack } from '../attack.ts'
import { flood } from '../parts/flood.ts'

const TOO_LONG = 'x'.repeat(17_000)

export const attack: Attack = {
  name: 'header-flood',
  what: 'requests with more headers than are taken, as many as 16 connections carry',
  sizes: { short: 3, long: 30 },
  bearable: 1500,
  async run(stage, seconds) {
    const request = `GET /en/ HTTP/1.1\r\nHost: x\r\nX-{n}: ${TOO_LONG}\r\n\r\n`
    return flood(stage, seconds, request, 431)
  },
}
