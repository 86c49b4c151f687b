import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encryptDetails } from '../../src/sealing/signer-details.ts'
import { requeueReadable } from '../../src/signature/store/outbox.ts'
import { getDemo, STORY_LANGUAGES } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { linkIn } from '../support/mail-server.ts'
import { typedNames } from '../support/names.ts'
import { demoIdentity, exportSealed, openAll, openExport } from '../support/open-export.ts'
import { newKeys } from '../support/sealed-export.ts'
import {
  confirm,
  counted,
  get,
  mailedPath,
  pathOf,
  sign,
  signAndConfirm,
  withdraw,
} from '../support/signer.ts'

describe('once confirmed', () => {
  const harness = useFreshHarness()

  const rows = () =>
    harness.site.db
      .selectFrom('signature')
      .leftJoin('submission', 'submission.id', 'signature.id')
      .select(['signature.id', 'state', 'details'])
      .orderBy('signature.confirmed_at')
      .execute()
  const sealedCount = async () => (await exportSealed(harness)).length - 1

  it('the organisers’ key gives back exactly what was typed, in every script', async () => {
    const typed = typedNames.filter((name) => !/[<>]/.test(name))
    for (const [index, name] of typed.entries()) {
      const language = STORY_LANGUAGES[index % 4]!
      await signAndConfirm(
        harness,
        {
          name,
          email: `Signer.${index}@example.org`,
          comment: `${name}\n${name}`,
          postcode: 'AB 12',
          country: 'AZ',
          display: 'initials',
          updates: index % 2 ? 'yes' : '',
          source: 'chat',
        },
        language,
      )
    }
    await harness.seal()
    const records = await openAll(harness)
    assert.deepEqual(
      records.map((record) => record.name),
      typed,
    )
    const [first, second] = records
    assert.deepEqual(
      { ...second, r: first!.r.length, id: typeof second!.id },
      {
        version: 1,
        slug: 'cop29-baku',
        id: 'string',
        country: 'AZ',
        display: 'initials',
        language: 'az',
        updates: true,
        consentVersion: 1,
        textVersion: 1,
        signedAt: harness.clock.now().toISOString(),
        confirmedAt: harness.clock.now().toISOString(),
        source: 'chat',
        name: typed[1],
        email: 'Signer.1@example.org',
        normalisedEmail: 'signer.1@example.org',
        postcode: 'AB 12',
        comment: `${typed[1]}\n${typed[1]}`,
        r: 44,
      },
    )
  })

  it('the server keeps no readable copy, and says the same of the count', async () => {
    await signAndConfirm(harness, { email: 'one@example.org' })
    await sign(harness, { email: 'pending@example.org' })
    await harness.seal()
    const [confirmed] = await rows()
    assert.equal(confirmed!.details, null)
    const waiting = await harness.site.db.selectFrom('submission').select('confirmed').execute()
    assert.deepEqual(waiting, [{ confirmed: false }], 'its mail is still to be sent')
    assert.equal(await counted(harness), 1)
    assert.equal(await sealedCount(), 1)
  })

  it('signing again is still told from a new signature, and still mails', async () => {
    await signAndConfirm(harness, { email: 'again@example.org' })
    await harness.seal()
    harness.clock.move(2 * 86_400_000)
    assert.equal((await sign(harness, { email: 'again@example.org', name: 'Mallory' })).status, 303)
    await harness.work()
    await harness.seal()
    const link = mailedPath(harness, 'again@example.org', 'confirm')
    assert.match(await (await get(harness, link)).text(), /You have already signed/)
    assert.equal((await confirm(harness, link)).status, 303)
    const [record, ...others] = await openAll(harness)
    assert.deepEqual(others, [])
    assert.equal(record!.name, 'Leyla Yunus')
  })

  it('withdrawing erases the sealed record without opening it', async () => {
    await signAndConfirm(harness, { email: 'leaves@example.org' })
    await signAndConfirm(harness, { email: 'stays@example.org' })
    await harness.seal()
    await withdraw(harness, 'leaves@example.org')
    const records = await openAll(harness)
    assert.deepEqual(
      records.map((record) => record.email),
      ['stays@example.org'],
    )
  })

  it('withdrawing before the seal leaves nothing to seal', async () => {
    const db = harness.site.db
    await signAndConfirm(harness, { email: 'quick@example.org' })
    await withdraw(harness, 'quick@example.org')
    await harness.seal()
    assert.equal(await sealedCount(), 0)
    assert.deepEqual(await db.selectFrom('sealing_queue').selectAll().execute(), [])
  })

  it('a new recipient opens what is signed from then on, and the old one no longer', async () => {
    await signAndConfirm(harness, { email: 'before@example.org' })
    await harness.seal()
    const keys = newKeys()
    const petition = await getDemo(harness)
    const settings = { ...petition.settings, recipients: [keys.recipient] }
    await harness.site.db
      .updateTable('petition')
      .set({ settings: JSON.stringify(settings) })
      .execute()
    await signAndConfirm(harness, { email: 'after@example.org' })
    await harness.seal()
    const lines = await exportSealed(harness)
    const outcomes = async (identity: string) =>
      (await openExport(lines, identity)).map((each) =>
        each.outcome === 'opened' ? each.record.email : each.outcome,
      )
    const sorted = async (identity: string) => (await outcomes(identity)).sort()
    assert.deepEqual(await sorted(await demoIdentity(harness)), [
      'before@example.org',
      'other keys',
    ])
    assert.deepEqual(await sorted(keys.identity), ['after@example.org', 'other keys'])
  })

  it('a signature that can’t be sealed holds up no other, and is tried again at night', async () => {
    const { db, keyring } = harness.site
    await signAndConfirm(harness, { email: 'one@example.org' })
    await signAndConfirm(harness, { email: 'two@example.org' })
    const [first] = await rows()
    const whole = first!.details!
    const cut = whole.subarray(0, 20)
    await db.updateTable('submission').set({ details: cut }).where('id', '=', first!.id).execute()
    await harness.seal()
    assert.equal(await sealedCount(), 1)
    assert.equal(await requeueReadable(db), 1, 'it is found again')
    await db.updateTable('submission').set({ details: whole }).where('id', '=', first!.id).execute()
    await harness.seal()
    assert.equal(await sealedCount(), 2)
    assert.equal(await requeueReadable(db), 0)
    // Recorded by an earlier release, without what the commitment needs.
    const old = { name: 'Old', email: 'Old@Example.org', postcode: '', comment: '' }
    await signAndConfirm(harness, { email: 'old@example.org' })
    const details = encryptDetails(keyring, old as never)
    await db.updateTable('submission').set({ details }).execute()
    await harness.seal()
    const sealed = (await openAll(harness)).find(({ name }) => name === 'Old')
    assert.equal(sealed!.normalisedEmail, 'old@example.org')
  })

  it('two workers at once seal each record once', async () => {
    for (let index = 0; index < 30; index++) {
      await sign(harness, { email: `many${index}@example.org` })
    }
    await harness.work()
    for (let index = 0; index < 30; index++) {
      const mail = harness.mail.lastTo(`many${index}@example.org`)
      await confirm(harness, pathOf(linkIn(mail, 'confirm')))
    }
    await Promise.all([harness.seal(), harness.seal(), harness.seal()])
    const records = await openAll(harness)
    assert.equal(new Set(records.map(({ id }) => id)).size, 30)
    assert.equal(records.length, 30)
  })

  it('the page says that the demonstration’s key lies on the server', async () => {
    for (const path of ['/en/p/cop29-baku', '/az/p/cop29-baku', '/en/p/cop29-baku/withdraw']) {
      const page = await (await get(harness, path)).text()
      assert.match(page, /class="demo-key"/, path)
    }
  })
})
