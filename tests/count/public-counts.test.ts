import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createPublicCounts } from '../../src/count/public-counts.ts'
import type { Site } from '../../src/site.ts'
import { getDemo } from '../support/demo.ts'
import { startHarness } from '../support/harness.ts'
import { get, signAndConfirm } from '../support/signer.ts'

const harness = await startHarness()
after(() => harness.close())
await signAndConfirm(harness)

/** Site whose every public read is noted. */
function watched() {
  const { site } = harness
  let reads = 0
  const publicReads: Site['publicReads'] = {
    ...site.publicReads,
    read(work, isFresh) {
      reads++
      return site.publicReads.read(work, isFresh)
    },
  }
  return { site: { ...site, publicReads }, reads: () => reads }
}

test('a crowd that polls is one read', async () => {
  const { site, reads } = watched()
  const publicCounts = createPublicCounts(site)
  const petition = await getDemo(harness)
  await Promise.all(Array.from({ length: 500 }, () => publicCounts(petition, 'country')))
  await publicCounts(petition, 'country')
  assert.equal(reads(), 1)
})

test('figures keep their time until one changes', async () => {
  const publicCounts = createPublicCounts(harness.site, 0)
  const petition = await getDemo(harness)
  const first = await publicCounts(petition, 'day')
  harness.clock.move(60_000)
  assert.equal(await publicCounts(petition, 'day'), first)
  await signAndConfirm(harness, { email: 'another@example.org' })
  const second = await publicCounts(petition, 'day')
  assert.equal(second.counted, first.counted + 1)
  assert.ok(second.generatedAt > first.generatedAt)
})

test('while the database is away the last figures are given', async () => {
  const publicCounts = createPublicCounts(harness.site, 0)
  const petition = await getDemo(harness)
  const before = await publicCounts(petition, 'hour')
  await get(harness, '/api/v1/petitions/cop29-baku')
  await harness.wire.cut()
  assert.deepEqual(await publicCounts(petition, 'hour'), before)
  assert.equal((await get(harness, '/api/v1/petitions/cop29-baku')).status, 200)
  const never = await get(harness, '/api/v1/petitions/cop29-baku/counts.csv?by=language')
  assert.equal(never.status, 503)
  assert.ok(never.headers.get('retry-after'))
  assert.equal(((await never.json()) as { statusCode: number }).statusCode, 503)
})
