import { PETITION } from '../../scale/petition.ts'
import type { Attack } from '../attack.ts'
import { flood } from '../parts/flood.ts'

export const attack: Attack = {
  name: 'packed-bodies',
  what: 'forms that say they are packed, as a decompression bomb does, as many as 16 connections carry',
  sizes: { short: 2, long: 30 },
  bearable: 1500,
  async run(stage, seconds) {
    const head = [
      `POST ${PETITION.page}/signatures HTTP/1.1`,
      'Host: x',
      'Content-Type: application/x-www-form-urlencoded',
      'Content-Encoding: gzip',
      'Content-Length: 16000',
    ]
    const request = `${head.join('\r\n')}\r\n\r\n${'x'.repeat(16_000)}`
    return flood(stage, seconds, request, 415)
  },
}
