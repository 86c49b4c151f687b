import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startHarness } from '../support/harness.ts'
import { get, signAndOpenMail } from '../support/signer.ts'

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

  it('in production are for those who hold the token, and for nobody without one', async () => {
    const production = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://unused',
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
