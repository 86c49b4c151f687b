import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { formatTlogProof } from '../../../src/log/core/tlog-proof.ts'
import { proveInclusion } from '../../../src/log/core/tree/prove-inclusion.ts'
import type * as Browser from './support/in-browser.ts'
import { buildLog, makeEntries, trust } from './support/memory-log.ts'

/** What a page has that knows nothing of Node.js. */
const { TextEncoder, TextDecoder, atob, btoa } = globalThis
const page = { TextEncoder, TextDecoder, atob, btoa, Uint8Array: globalThis.Uint8Array }

describe('the core in a browser', () => {
  it('bundles without anything of Node.js, and verifies what the server made', async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: ['tests/log/core/support/in-browser.ts'],
      bundle: true,
      platform: 'browser',
      format: 'iife',
      globalName: 'core',
      target: ['chrome99', 'firefox97', 'safari15.4'],
      metafile: true,
      write: false,
    })
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports)
    assert.ok(imports.every(({ external }) => !external))

    const context = createContext(page)
    const script = outputFiles[0]!.text
    const core: typeof Browser = runInContext(`${script}; core`, context)
    assert.equal(runInContext('typeof process', context), 'undefined')
    assert.equal(core.sha256, core.portableSha256)

    const entries = makeEntries(300)
    const log = buildLog(entries)
    const report = await core.checkLog(log, trust)
    assert.equal(report.ok, true)
    assert.equal(report.counter.size, 300)
    const receipt = formatTlogProof({
      extra: entries[299]!,
      index: 299,
      hashes: await proveInclusion(299, 300, log.getTile),
      checkpoint: log.checkpoint,
    })
    assert.equal((await core.verifyReceipt(receipt, trust)).ok, true)
    const other = new Uint8Array(receipt)
    other[60]! ^= 1
    assert.equal((await core.verifyReceipt(other, trust)).ok, false)
  })
})
