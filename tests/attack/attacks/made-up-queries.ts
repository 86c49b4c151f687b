import { PETITION } from '../../scale/petition.ts'
import { type Attack, portOf } from '../attack.ts'
import { flood, tellFlood } from '../parts/flood.ts'

const CONNECTIONS = 16

export const attack: Attack = {
  name: 'made-up-queries',
  what: 'the petition’s page with another `?ref=`, `?source=` and unknown parameter in each request, as many as 16 connections carry',
  sizes: { short: 3, long: 60 },
  sized: (size) => `${size} s`,
  bearable: 1500,
  async run(stage, seconds) {
    const forMs = seconds * 1000
    const path = `${PETITION.page}?ref=r{n}&source=s{n}&x{n}=y{n}`
    const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n\r\n`
    const task = { port: portOf(stage), connections: CONNECTIONS, forMs, request }
    return tellFlood(await flood(task), forMs)
  },
}
