import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { getBytes } from '../../../src/offline/verify/source/get-bytes.ts'
import { VerifyError } from '../../../src/offline/verify/verify-error.ts'
import { buildLog, makeEntries } from '../../log/core/support/memory-log.ts'
import { type LogSite, startLogSite } from '../../support/log-site.ts'

const LIMIT = 1000

describe('asking a site for a file', () => {
  let site: LogSite
  beforeEach(async () => {
    site = await startLogSite(buildLog(makeEntries(10)))
  })
  afterEach(() => site.close())

  const patience = { silenceMs: 300, answerMs: 600, tries: 3, pauseMs: 10 }
  const get = (path = '/log/checkpoint', signal = new AbortController().signal) =>
    getBytes(new URL(path, site.origin), LIMIT, { signal, patience })
  const refused = (message: RegExp) =>
    assert.rejects(get(), (error) => error instanceof VerifyError && message.test(error.message))

  it('gets it, or null where there is none', async () => {
    assert.ok(await get())
    assert.equal(await get('/log/nothing'), null)
  })

  it('takes it packed, and no more of it unpacked than it must', async () => {
    let accepted: string | undefined
    // Before it is asked for: who asks does not wait long.
    const [bomb, entry] = [Buffer.alloc(50_000_000), Buffer.from('an entry')].map((bytes) =>
      gzipSync(bytes),
    )
    site.intercept = (path, response) => {
      accepted = String(response.req.headers['accept-encoding'])
      const packed = path.endsWith('bomb') ? bomb : entry
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
      return true
    }
    assert.equal(Buffer.from((await get())!).toString(), 'an entry')
    assert.match(accepted!, /gzip.*identity/)
    assert.equal((await get('/log/bomb'))!.length, LIMIT + 1)
  })

  it('tries again when the site is in trouble, and says so in the end', async () => {
    let times = 0
    site.intercept = (_, response) => {
      times++
      if (times < 3) response.writeHead(503).end()
      return times < 3
    }
    assert.ok(await get())
    site.intercept = (_, response) => {
      response.writeHead(500).end()
      return true
    }
    await refused(/answers with status 500, tried 3 times; check the address/)
  })

  it('gives up on one that hangs, or drips', async () => {
    site.intercept = () => true
    await refused(/does not answer in time, tried 3 times/)
    site.intercept = (_, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(drip))
      return true
    }
    await refused(/does not answer in time/)
  })

  it('takes no more than it must from one that never ends', async () => {
    site.intercept = (_, response) => {
      response.writeHead(200)
      const flood = setInterval(() => response.write(Buffer.alloc(100_000)), 1)
      response.on('close', () => clearInterval(flood))
      return true
    }
    assert.equal((await get())!.length, LIMIT + 1)
  })

  it('follows no one to another site', async () => {
    site.intercept = (_, response) => {
      response.writeHead(302, { location: 'https://elsewhere.example/log/checkpoint' }).end()
      return true
    }
    await refused(/leads elsewhere, to https:\/\/elsewhere\.example/)
  })

  it('stops when it is asked to', async () => {
    site.intercept = () => true
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    await assert.rejects(get('/log/checkpoint', stop.signal), /stopped; the same command goes on/)
  })
})
