import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { DEMO } from '../support/demo.ts'
import { startHarness, useHarness } from '../support/harness.ts'
import { moderation } from '../support/moderation.ts'
import { counted, get, signAndConfirm, signAndOpenMail } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'

const PAGE = `/en/p/${DEMO}`

describe('a petition whose names are reviewed', () => {
  const harness = useHarness()
  let names: ReturnType<typeof moderation>
  before(async () => {
    names = moderation(harness)
    await runSql(
      harness.databaseUrl,
      `update petition set settings = jsonb_set(settings, '{names}', '"reviewed"')`,
    )
    harness.site.petitions.drop()
  })

  it('says so where a signer chooses, before confirming, and on its privacy page', async () => {
    const promise = /appear once the organisers have approved them/
    assert.match(await names.page(), promise)
    const fields = { email: 'chooses@example.org', display: 'initials' }
    assert.match(await (await get(harness, await signAndOpenMail(harness, fields))).text(), promise)
    for (const path of ['privacy', 'replaced']) {
      assert.match(await (await get(harness, `${PAGE}/${path}`)).text(), promise)
    }
  })

  it('shows nobody until the organisers do, and counts everybody', async () => {
    const before = await counted(harness)
    for (const [who, display] of [
      ['Ann Lee', 'name'],
      ['Əli Məmmədov', 'initials'],
    ] as const) {
      const email = `${who.length}@example.org`
      await signAndConfirm(harness, { email, name: who, display })
      harness.clock.move(1000)
    }
    assert.equal(await counted(harness), before + 2)
    assert.deepEqual(await names.shownOf(), [])
    assert.deepEqual(
      (await names.list()).map(({ state, who }) => `${state} ${who}`),
      ['waiting Ann Lee, DE', 'waiting Ə. M., DE'],
    )
    await names.run('show', await names.idOf('Ə. M.'))
    assert.deepEqual(await names.shownOf(), ['Ə. M.'])
  })
})

describe('a guarded petition', () => {
  it('shows a name with the batch of the public log, though the organisers show it before', async () => {
    const harness = await startHarness({ LOG_MIN_BATCH: '1' }, { figures: 'guarded' })
    try {
      const { run, idOf, shownOf } = moderation(harness)
      for (const name of ['Ann Lee', 'Rude Words']) {
        await signAndConfirm(harness, {
          email: `${name.length}@example.org`,
          name,
          display: 'name',
        })
      }
      await run('hide', await idOf('Rude Words'))
      await run('show', await idOf('Ann Lee'))
      assert.deepEqual(await shownOf(), [])
      await harness.sequence()
      assert.deepEqual(await shownOf(), ['Ann Lee'])
    } finally {
      await harness.close()
    }
  })
})
