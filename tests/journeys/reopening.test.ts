import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY } from '../../src/platform/clock.ts'
import { createPartnerLink } from '../../src/sharing/partner-links.ts'
import { getDemo } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { runPetitionCommand } from '../support/run-command.ts'
import { get, sign, signAndConfirm } from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'

describe('closing, and what undoes it', () => {
  const harness = useFreshHarness()
  const run = (...args: string[]) => runPetitionCommand(harness.site, ...args)

  it('a reopened petition takes signatures again; an archived one never', async () => {
    await harness.site.publishing.close('cop29-baku', TESTER, agreed)
    assert.equal((await sign(harness, { email: 'meanwhile@example.org' })).status, 410)
    assert.equal((await run('reopen', 'cop29-baku')).code, 0)
    assert.equal((await sign(harness, { email: 'again@example.org' })).status, 303)
    await harness.site.db.deleteFrom('submission').execute()
    await harness.site.publishing.close('cop29-baku', TESTER, agreed)
    harness.clock.move(2 * DAY)
    assert.equal((await run('archive', 'cop29-baku')).code, 1)
    const archived = await run('archive', 'cop29-baku', '--yes')
    assert.equal(archived.code, 0, archived.errors)
    const { code, errors } = await run('reopen', 'cop29-baku')
    assert.equal(code, 1)
    assert.match(errors, /^cop29-baku is archived: it can't be opened again/)
    assert.match((await run('list')).output, /^cop29-baku\tarchived\t/)
  })

  it('a petition that nobody signed can be deleted, with everything around it', async () => {
    await harness.site.db.transaction().execute(async (trx) => {
      const petition = await getDemo(harness)
      await createPartnerLink(trx, { ...harness, by: TESTER }, petition, 'A partner')
    })
    await harness.sequence()
    const asked = await run('delete', 'cop29-baku')
    assert.deepEqual(
      [asked.code, asked.errors],
      [1, 'deleting has no way back: add --yes if that is meant'],
    )
    const { code, output, errors } = await run('delete', 'cop29-baku', '--yes')
    assert.deepEqual([code, errors], [0, ''])
    assert.match(output, /cop29-baku is deleted/)
    assert.equal((await get(harness, '/en/p/cop29-baku')).status, 410, 'and its links say so')
    // The log goes on.
    await harness.sequence()
    const again = await run('delete', 'cop29-baku', '--yes')
    assert.match(again.errors, /there is no petition "cop29-baku"/)
  })

  it('one that was signed can’t be, even if the signer left, nor one with a link under way', async () => {
    await sign(harness, { email: 'under-way@example.org' })
    const waits = await run('delete', 'cop29-baku', '--yes')
    assert.equal(waits.code, 1)
    assert.match(waits.errors, /waits for people who were mailed a link to confirm: close it/)
    await signAndConfirm(harness, { email: 'signed@example.org' })
    await harness.site.db
      .updateTable('signature')
      .set({ state: 'withdrawn', tag: null, address: null })
      .execute()
    const signed = await run('delete', 'cop29-baku', '--yes')
    assert.equal(signed.code, 1)
    assert.match(signed.errors, /was signed, so it can't be deleted: close it .* and archive it/)
    assert.equal((await get(harness, '/en/p/cop29-baku')).status, 200)
  })
})
