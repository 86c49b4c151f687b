import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chooseEncoding, isKnownTag } from '../../src/platform/web/encoding.ts'

/** Hundreds of times what it takes; an expression that backtracked took six seconds for as much. Of the processor's time. */
const AT_ONCE_MS = 1000

describe('the encoding', () => {
  it('is the smallest that the reader understands', () => {
    for (const [header, encoding] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip', 'gzip'],
      ['GZIP;q=0.5 , Br ; q=0.1', 'br'],
      ['br;q=0, gzip', 'gzip'],
      ['br;q=0.0,gzip;q=0', 'identity'],
      ['brotli, x-gzip', 'identity'],
      ['*', 'identity'],
      ['', 'identity'],
      [',,;q=1,;', 'identity'],
      ['br;q=high', 'identity'],
      ['br;v=1', 'br'],
      [undefined, 'identity'],
    ] as const) {
      assert.equal(chooseEncoding(header), encoding, header)
    }
  })

  it('is found in no time, however long and odd the header', () => {
    for (const piece of [' ', '\t', ',', ';', 'br ', 'br;', 'br,', ';q=', '1.', 'gzip ;', '"']) {
      const long = `br${piece.repeat(15_500 / piece.length)}x`
      const start = process.cpuUsage()
      for (let time = 0; time < 10; time++) {
        chooseEncoding(`${long}${time}`)
        isKnownTag(`${long}${time}`, '"x"')
      }
      assert.ok(process.cpuUsage(start).user / 1000 < AT_ONCE_MS, JSON.stringify(piece))
    }
  })
})
