import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { systemClock } from '../../src/platform/clock.ts'
import { createWebhooks } from '../../src/webhook/webhooks.ts'
import { useHarness } from '../support/harness.ts'
import { OWN_AUTHORITY } from '../support/own-authority.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { TESTER } from '../support/tester.ts'
import { until } from '../support/until.ts'
import { startReceiver } from '../support/webhook-receiver.ts'

const ALL = { petition: null, events: ['state.changed'] }

describe('a receiver', () => {
  const harness = useHarness()
  /** Receivers look at the time. */
  const open = (ca?: string) =>
    createWebhooks({ ...harness.site, clock: systemClock }, ca ? { ca } : {})

  it('behind HTTPS verifies what it gets with the scheme’s own library', async () => {
    const receiver = await startReceiver({ https: true })
    try {
      const webhooks = open(OWN_AUTHORITY.ca)
      const { id, secret } = await webhooks.add({ ...ALL, url: receiver.url }, TESTER)
      assert.equal(await webhooks.test(id, TESTER), null)
      const next = await webhooks.rotate(id, TESTER, 1)
      assert.equal(await webhooks.test(id, TESTER), null)
      const [first, second] = receiver.got
      const verify = (key: string, { body, headers }: typeof first & object) =>
        new Webhook(key).verify(body, headers as Record<string, string>)
      assert.deepEqual(verify(secret, first!), JSON.parse(first!.body))
      for (const key of [secret, next]) verify(key, second!)
      assert.throws(() => verify(next, first!), /No matching signature/)
      const changed = { ...first!, body: first!.body.replace('test', 'tess') }
      assert.throws(() => verify(secret, changed), /No matching signature/)
      assert.equal(await open().test(id, TESTER), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
      assert.equal(
        await open(OWN_AUTHORITY.other).test(id, TESTER),
        'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      )
    } finally {
      await receiver.close()
    }
  })

  it('of the documentation takes what is ours, and nothing else', async () => {
    const [, program] = /```js\n([\s\S]+?)```/.exec(readFileSync('docs/webhooks.md', 'utf8'))!
    const file = join(temporaryFolder(), 'receiver.mjs')
    writeFileSync(file, program!)
    const webhooks = open()
    const url = await freeAddress()
    const { id, secret } = await webhooks.add({ ...ALL, url }, TESTER)
    const { port } = new URL(url)
    const child = spawn(process.execPath, [file], {
      env: { WEBHOOK_SECRET: secret, PORT: port },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    try {
      await until(async () => output.includes(`listens at ${port}`))
      assert.equal(await webhooks.test(id, TESTER), null)
      await until(async () => /^msg_\S+ test \{.*\}$/m.test(output))
      await webhooks.rotate(id, TESTER, 1)
      assert.equal(await webhooks.test(id, TESTER), null, 'both secrets sign')
      await webhooks.rotate(id, TESTER, 0)
      assert.equal(await webhooks.test(id, TESTER), 'it answered 401')
      const old = createWebhooks(harness.site)
      assert.equal(await old.test(id, TESTER), 'it answered 401', 'its clock is of 2024')
    } finally {
      child.kill()
    }
  })
})

async function freeAddress(): Promise<string> {
  const receiver = await startReceiver()
  await receiver.close()
  return receiver.url
}
