import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { DAY } from '../../src/platform/clock.ts'
import { makeToken } from '../../src/platform/link-token.ts'
import { DEMO } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { openAll } from '../support/open-export.ts'
import { counted, get, post, sign, signAndConfirm } from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'

describe('archiving', () => {
  const harness = useFreshHarness()
  beforeEach(async () => {
    await signAndConfirm(harness, { email: 'confirmed@example.org' })
    await sign(harness, { email: 'pending@example.org' })
  })

  async function archive() {
    await harness.site.publishing.close(DEMO, TESTER, agreed)
    harness.clock.move(2 * DAY)
    await harness.seal()
    assert.equal(await harness.site.publishing.archive(DEMO, TESTER, agreed), 'archived')
  }

  it('waits until the petition is closed, confirmations are over and everything is sealed', async () => {
    assert.equal(
      await harness.site.publishing.archive('another', TESTER, agreed),
      'no such petition',
    )
    assert.equal(await harness.site.publishing.archive(DEMO, TESTER, agreed), 'not closed')
    await harness.site.publishing.close(DEMO, TESTER, agreed)
    assert.equal(await harness.site.publishing.archive(DEMO, TESTER, agreed), 'not closed')
    harness.clock.move(2 * DAY)
    assert.equal(await harness.site.publishing.archive(DEMO, TESTER, agreed), 'not sealed')
    await archive().catch(() => {})
    assert.equal(await harness.site.publishing.archive(DEMO, TESTER, agreed), 'already archived')
  })

  it('destroys the key that ties signatures to addresses, and what was never confirmed', async () => {
    await archive()
    const { db } = harness.site
    const petition = await db.selectFrom('petition').select('tag_key').executeTakeFirstOrThrow()
    assert.equal(petition.tag_key, null)
    const states = await db.selectFrom('signature').select('state').execute()
    assert.deepEqual(states, [{ state: 'confirmed' }])
  })

  it('keeps the count, the page and what only the organisers can read', async () => {
    await archive()
    assert.equal(await counted(harness), 1)
    assert.equal((await get(harness, `/en/p/${DEMO}`)).status, 200)
    assert.equal((await openAll(harness))[0]!.email, 'confirmed@example.org')
    assert.equal((await sign(harness, { email: 'late@example.org' })).status, 410)
  })

  it('mails no more links to withdraw, and says so; one from before still works', async () => {
    const { db, keyring } = harness.site
    await archive()
    const asked = await post(harness, `/en/p/${DEMO}/withdraw`, { email: 'confirmed@example.org' })
    assert.equal(asked.status, 410)
    assert.match(await asked.text(), /This petition is archived/)
    assert.doesNotMatch(await (await get(harness, `/en/p/${DEMO}/withdraw`)).text(), /<form/)
    const signature = await db.selectFrom('signature').selectAll().executeTakeFirstOrThrow()
    const link = `/en/withdraw/${makeToken(keyring, 'withdraw', signature)}`
    assert.equal((await post(harness, link, {})).status, 303)
    await harness.tally()
    assert.equal(await counted(harness), 0)
    assert.deepEqual(await openAll(harness), [])
  })
})
