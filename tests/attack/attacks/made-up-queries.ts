import { PETITION } from '../../scale/petition.ts'
import type { Attack } from '../attack.ts'
import { flood } from '../parts/flood.ts'
import { readFigure } from '../parts/read-figure.ts'

const KEPT = 'undersigned_cache_bytes{cache="answers"}'
/** The page in a few shapes and encodings; if each query had a page of its own, two dozen would take more. */
const MOST_BYTES = 1024 * 1024

export const attack: Attack = {
  name: 'made-up-queries',
  what: 'the petition’s page with another `?ref=`, `?source=` and unknown parameter in each request, as many as 16 connections carry',
  sizes: { short: 3, long: 60 },
  bearable: 1500,
  async run(stage, seconds) {
    const path = `${PETITION.page}?ref=r{n}&source=s{n}&x{n}=y{n}`
    const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n\r\n`
    const before = await readFigure(stage, KEPT)
    const came = await flood(stage, seconds, request, 200)
    const grown = (await readFigure(stage, KEPT)) - before
    stage.check('made-up queries make no page anew', grown < MOST_BYTES, `${grown} bytes`)
    return came
  },
}
