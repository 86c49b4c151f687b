import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { buildApp } from '../../src/app.ts'
import { countOf } from '../../src/log/core/entry/count-entries.ts'
import type { Checkpoint } from '../../src/log/core/note/checkpoint.ts'
import { reconcileLog } from '../../src/log/reconcile-log.ts'
import { HOUR } from '../../src/platform/clock.ts'
import { createSite } from '../../src/site.ts'
import { DEMO, STORY_LANGUAGES } from '../support/demo.ts'
import { type Harness, useFreshHarness } from '../support/harness.ts'
import { checkPublicLog, listEntries } from '../support/public-log.ts'
import { counted, get, signAndConfirm, withdraw } from '../support/signer.ts'

/** Unlike fetch, which unpacks what comes packed. */
async function getPacked(harness: Harness, path: string, headers: Record<string, string>) {
  const asked = request(`${harness.origin}${path}`, { headers }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) }
}

describe('the public log', () => {
  const harness = useFreshHarness()

  const certified = async () => {
    const answer = await get(harness, `/api/v1/petitions/${DEMO}`)
    const { log, signatures } = (await answer.json()) as {
      log: { certified: number; size: number } | null
      signatures: { counted: number }
    }
    return { certified: log?.certified, size: log?.size, counted: signatures.counted }
  }

  it('begins with the key and the texts that people sign, before the first of them', async () => {
    assert.equal((await get(harness, '/log/checkpoint')).status, 404)
    assert.deepEqual(await certified(), { certified: undefined, size: undefined, counted: 0 })
    await harness.sequence()
    const entries = await listEntries(harness)
    assert.deepEqual(
      entries.map((entry) => entry.split(' ').slice(0, entry.startsWith('text') ? 4 : 2)),
      [
        ['recipients/v1', DEMO],
        ...STORY_LANGUAGES.map((language) => ['text/v1', DEMO, language, '1']),
      ],
    )
    assert.deepEqual(await certified(), { certified: 0, size: 5, counted: 0 })
  })

  it('vouches for what the API says are the text and the recipients, byte for byte', async () => {
    await harness.sequence()
    const hashOf = async (path: string) => {
      const answer = await get(harness, `/api/v1/petitions/${DEMO}/${path}`)
      assert.equal(answer.status, 200)
      const body = Buffer.from(await answer.arrayBuffer())
      return createHash('sha256').update(body).digest('base64')
    }
    assert.deepEqual(await listEntries(harness), [
      `recipients/v1 ${DEMO} ${await hashOf('recipients')}`,
      `text/v1 ${DEMO} en 1 ${await hashOf('texts/en/1')}`,
      `text/v1 ${DEMO} az 1 ${await hashOf('texts/az/1')}`,
      `text/v1 ${DEMO} ru 1 ${await hashOf('texts/ru/1')}`,
      `text/v1 ${DEMO} be 1 ${await hashOf('texts/be/1')}`,
    ])
    assert.equal((await get(harness, `/api/v1/petitions/${DEMO}/texts/en/2`)).status, 404)
  })

  it('counts every confirmed signature once, and says nothing of whose it is', async () => {
    for (let signer = 0; signer < 5; signer++) {
      await signAndConfirm(harness, { email: `signer-${signer}@example.org`, name: 'Leyla Yunus' })
    }
    await harness.sequence()
    const { counter, checkpoint } = await checkPublicLog(harness)
    assert.equal(countOf(counter, DEMO), 5)
    assert.deepEqual(await certified(), { certified: 5, size: checkpoint.size, counted: 5 })
    const signs = (await listEntries(harness)).filter((entry) => entry.startsWith('sign/'))
    const form = /^sign\/v1 cop29-baku \d{4}-\d\d-\d\dT\d\dZ [A-Za-z0-9+/]{43}=$/
    assert.ok(
      signs.every((entry) => form.test(entry)),
      signs.join('\n'),
    )
    assert.equal(new Set(signs).size, 5)
  })

  it('grows from checkpoint to checkpoint and rewrites nothing', async () => {
    const earlier: Checkpoint[] = []
    for (let round = 0; round < 4; round++) {
      await signAndConfirm(harness, { email: `round-${round}@example.org` })
      await harness.sequence()
      earlier.push((await checkPublicLog(harness, earlier)).checkpoint)
    }
    const sizes = earlier.map(({ size }) => size)
    assert.deepEqual(sizes, [6, 7, 8, 9])
    await harness.sequence()
    assert.equal((await checkPublicLog(harness, earlier)).checkpoint.size, 9)
  })

  it('sends entries compressed to who reads that, each way under a tag of its own', async () => {
    for (let signer = 0; signer < 20; signer++) {
      await signAndConfirm(harness, { email: `packed-${signer}@example.org` })
    }
    await harness.sequence()
    const path = '/log/tile/entries/000.p/25'
    const ask = (encoding: string, headers: Record<string, string> = {}) =>
      getPacked(harness, path, { 'accept-encoding': encoding, ...headers })
    const plain = await ask('identity')
    const tags = new Set<string>()
    for (const [encoding, unpack] of [
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
    ] as const) {
      const packed = await ask(encoding)
      assert.equal(packed.headers['content-encoding'], encoding)
      assert.equal(packed.headers.vary, 'accept-encoding')
      assert.ok(packed.body.length < plain.body.length * 0.8)
      assert.deepEqual(unpack(packed.body), plain.body)
      tags.add(packed.headers.etag!)
      const again = await ask(encoding, { 'if-none-match': packed.headers.etag! })
      assert.deepEqual([again.status, again.body.length], [304, 0])
    }
    assert.equal(plain.headers['content-encoding'], undefined)
    assert.equal(tags.add(plain.headers.etag!).size, 3)
    assert.equal((await checkPublicLog(harness)).checkpoint.size, 25)
  })

  it('has a tile at once whose checkpoint another node has just shown', async () => {
    const { site } = harness
    const other = await buildApp(createSite(site))
    const path = (size: number) => `/log/tile/0/000.p/${size}`
    try {
      await harness.sequence()
      assert.equal((await other.inject(path(5))).statusCode, 200)
      await signAndConfirm(harness)
      await harness.sequence()
      assert.equal((await other.inject(path(6))).statusCode, 200)
      assert.equal((await other.inject(path(7))).statusCode, 404)
    } finally {
      await other.close()
    }
  })

  it('withdraws a signature by an entry that names only its number', async () => {
    await signAndConfirm(harness, { email: 'stays@example.org' })
    await signAndConfirm(harness, { email: 'leaves@example.org' })
    await harness.sequence()
    await withdraw(harness, 'leaves@example.org')
    assert.equal(await counted(harness), 1)
    await harness.sequence()
    const { counter } = await checkPublicLog(harness)
    assert.equal(countOf(counter, DEMO), 1)
    const last = (await listEntries(harness)).at(-1)!
    assert.match(last, /^withdraw\/v1 cop29-baku [56]$/)
    const places = await harness.site.db.selectFrom('log_place').selectAll().execute()
    assert.equal(places.length, 1, 'nothing ties the entry to a signature any more')
    // Pressing the button again adds nothing.
    await harness.sequence()
    assert.equal((await listEntries(harness)).at(-1), last)
  })

  it('never hears of who withdraws before the next batch', async () => {
    await signAndConfirm(harness, { email: 'hasty@example.org' })
    await harness.seal()
    await withdraw(harness, 'hasty@example.org')
    await harness.sequence()
    assert.deepEqual(
      (await listEntries(harness)).filter((entry) => !/^(text|recipients)\//.test(entry)),
      [],
    )
    assert.deepEqual(await certified(), { certified: 0, size: 5, counted: 0 })
  })

  it('counts who signs again after leaving, under a new entry', async () => {
    await signAndConfirm(harness, { email: 'again@example.org' })
    await harness.sequence()
    await withdraw(harness, 'again@example.org')
    await harness.sequence()
    harness.clock.move(2 * HOUR)
    await signAndConfirm(harness, { email: 'again@example.org' })
    await harness.sequence()
    const { counter } = await checkPublicLog(harness)
    assert.equal(countOf(counter, DEMO), 1)
  })

  it('lies in DATA_DIR as well, file for file', async () => {
    await signAndConfirm(harness)
    await harness.sequence()
    const folder = join(harness.site.config.dataDir, 'log')
    for (const path of ['checkpoint', 'vkey', 'tile/0/000.p/6', 'tile/entries/000.p/6']) {
      const served = await (await fetch(`${harness.origin}/log/${path}`)).arrayBuffer()
      assert.deepEqual(await readFile(join(folder, path)), Buffer.from(served), path)
    }
  })

  it('is compared with the signatures every night', async () => {
    const { db } = harness.site
    await signAndConfirm(harness, { email: 'one@example.org' })
    await harness.sequence()
    await signAndConfirm(harness, { email: 'waits@example.org' })
    await harness.seal()
    await signAndConfirm(harness, { email: 'unsealed@example.org' })
    await withdraw(harness, 'one@example.org')
    assert.deepEqual(await reconcileLog(db), [])
    await db.updateTable('log_count').set({ sequenced: '7' }).execute()
    assert.deepEqual(await reconcileLog(db), [{ slug: DEMO, standing: 1, logged: 7 }])
  })
})
