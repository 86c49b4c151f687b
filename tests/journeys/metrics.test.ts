import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { measureSite } from '../../src/api/measure-site.ts'
import { MINUTE } from '../../src/platform/clock.ts'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { serveMetrics } from '../../src/platform/web/serve-metrics.ts'
import { startHarness } from '../support/harness.ts'
import { confirm, get, signAndConfirm, signAndOpenMail } from '../support/signer.ts'

describe('metrics', () => {
  it('tell of routes, never of tokens', async () => {
    const harness = await startHarness()
    try {
      const link = await signAndOpenMail(harness)
      await get(harness, link)
      const text = await (await get(harness, '/metrics')).text()
      assert.match(text, /route="\/:lang\/confirm\/:token",status="200"/)
      assert.ok(!text.includes(link.split('/').at(-1)!))
    } finally {
      await harness.close()
    }
  })

  it('move with no single confirmation before the batch of the log that shows it to everybody', async () => {
    const harness = await startHarness({}, { figures: 'guarded' })
    try {
      const own = async () =>
        (await (await get(harness, '/metrics')).text())
          .split('\n')
          .filter((line) => /^(?:undersigned|mails|forms)_/.test(line))
      await signAndConfirm(harness, { email: 'first@example.org' })
      await harness.sequence()
      const link = await signAndOpenMail(harness, { email: 'second@example.org' })
      const before = await own()
      assert.ok(before.includes('undersigned_signatures 1'))
      assert.ok(before.includes('undersigned_forms_total{outcome="accepted"} 2'))
      assert.ok(
        before.includes('undersigned_mails_total{lane="confirmation",outcome="accepted"} 2'),
      )
      assert.equal((await confirm(harness, link)).status, 303)
      await harness.tally()
      assert.deepEqual(await own(), before)
      await harness.seal()
      assert.deepEqual(await own(), before)
      await harness.sequence()
      assert.ok((await own()).includes('undersigned_signatures 2'))
    } finally {
      await harness.close()
    }
  })

  it('say what is late, and that the database is away', async () => {
    const harness = await startHarness()
    try {
      const figure = async (name: string) => {
        const text = await (await get(harness, '/metrics')).text()
        return Number(new RegExp(`^undersigned_${name} (\\d+)$`, 'm').exec(text)?.[1])
      }
      await signAndConfirm(harness)
      assert.equal(await figure('sealing_late_seconds'), 0)
      harness.clock.move(20 * MINUTE)
      assert.equal((await figure('sealing_late_seconds')) % 300, 0)
      assert.ok((await figure('sealing_late_seconds')) >= 1200)
      await harness.seal()
      assert.equal(await figure('sealing_late_seconds'), 0)
      assert.equal(await figure('database_up'), 1)
      await harness.wire.cut()
      assert.equal(await figure('database_up'), 0)
      assert.equal(await figure('forms_total\\{outcome="accepted"\\}'), 1)
    } finally {
      await harness.close()
    }
  })

  it('of a worker come from a port of its own, without figures of its process', async () => {
    const harness = await startHarness()
    const port = await freePort()
    const settings = { host: '127.0.0.1', port, production: true, metricsToken: 'let-me-in' }
    const { stop } = await serveMetrics(settings, measureSite(harness.site))
    try {
      const ask = (path: string, token: string) =>
        fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}` } })
      assert.equal((await ask('/metrics', 'let-him-in')).status, 403)
      assert.equal((await ask('/', 'let-me-in')).status, 404)
      const text = await (await ask('/metrics', 'let-me-in')).text()
      assert.match(text, /^undersigned_mails_total\{lane="confirmation",outcome="accepted"\} 0$/m)
      assert.doesNotMatch(text, /^(?:process|nodejs)_/m)
      const caches = [...text.matchAll(/^undersigned_cache_bytes\{cache="(\w+)"\} (\d+)$/gm)]
      assert.ok(caches.map(([, name]) => name).includes('flows'), text)
      // The exact figure would tell how long somebody's domain is.
      for (const [, name, bytes] of caches) assert.equal(Number(bytes) % 65_536, 0, name)
    } finally {
      await stop()
      await harness.close()
    }
  })

  it('in production are for those who hold the token, and for nobody without one', async () => {
    const production = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://127.0.0.1/unused',
      SMTP_URL: 'smtp://unused',
      PUBLIC_URL: 'https://petitions.test',
      MAIL_FROM: 'a@petitions.test',
      SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    }
    const closed = await startHarness(production)
    const guarded = await startHarness({ ...production, METRICS_TOKEN: 'let-me-in' })
    try {
      assert.equal((await get(closed, '/metrics')).status, 404)
      assert.equal((await get(guarded, '/metrics')).status, 403)
      const headers = { authorization: 'Bearer let-me-in' }
      assert.equal((await get(guarded, '/metrics', headers)).status, 200)
    } finally {
      await closed.close()
      await guarded.close()
    }
  })
})
