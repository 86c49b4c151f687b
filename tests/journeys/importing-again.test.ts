import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { sql } from 'kysely'
import { insertImported } from '../../src/imported/imported.queries.ts'
import { mailboxKeys, tagsOf } from '../../src/imported/mailboxes.ts'
import { parseEmail } from '../../src/platform/address/email-address.ts'
import { newId } from '../../src/platform/random-id.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { openExport } from '../support/open-export.ts'
import { get, signAndConfirm, withdraw } from '../support/signer.ts'
import { TESTER } from '../support/tester.ts'
import { useImporter } from '../support/use-importer.ts'

describe('people from another site', () => {
  const harness = useHarness()
  const {
    begin,
    folder,
    file,
    run,
    write,
    bring,
    invite,
    remove,
    work,
    tend,
    mailsTo,
    linkOf,
    post,
    query,
    address,
    addresses,
  } = useImporter(harness)
  beforeEach(begin)

  it('are invited once, also when their batch was removed and they are brought in again', async () => {
    await bring(addresses(3))
    await invite()
    await work()
    assert.equal(mailsTo(address(1)), 1)
    await remove()
    assert.deepEqual(await query('select from imported'), [])
    await bring([...addresses(3), 'New@example.org'])
    const { output, errors } = await invite()
    assert.match(output, /^Not invited yet of batch \d+: 1 person\./, errors)
    assert.match(output, /\nAdded: 1 invitation\./)
    await work()
    assert.equal(mailsTo(address(1)), 1)
    assert.equal(mailsTo('New@example.org'), 1)
    const kept = JSON.stringify(await query("select encode(mark, 'escape') from import_mark"))
    assert.ok(!kept.includes('imported1'))
  })

  it('whose mail was not begun when their batch was removed can be invited from another', async () => {
    await bring(addresses(1))
    await invite()
    await remove()
    await bring(addresses(1))
    assert.match((await invite()).output, /\nAdded: 1 invitation\./)
  })

  it('stay out when they use their link after the batch was removed', async () => {
    await bring(addresses(2))
    await invite()
    await work()
    const link = linkOf(address(0))
    await remove()
    assert.match(await (await get(harness, link)).text(), /Remove your data\?/)
    assert.equal((await post(link)).status, 200)
    assert.match(await (await get(harness, link)).text(), /Nothing from another site is left here/)
    assert.match((await bring(addresses(2))).output, /Batch \d+ has 1 person,/)
    assert.match((await bring([address(0).toUpperCase()])).output, /Batch \d+ has 0 people/)
  })

  it('have a page behind their link that is the same whether they have signed here or not', async () => {
    await bring(addresses(3))
    await invite()
    await work()
    const links = addresses(3).map(linkOf)
    await signAndConfirm(harness, { email: address(1) })
    await signAndConfirm(harness, { email: address(2) })
    await withdraw(harness, address(2))
    await tend()
    assert.equal((await query('select from imported')).length, 1)
    const pages = links.map(async (link) => {
      const text = await (await get(harness, link)).text()
      return text.replaceAll(link.split('/').at(-1)!, 'token')
    })
    const [held, ...others] = await Promise.all(pages)
    assert.match(held!, /Remove your data\?/)
    assert.deepEqual(others, [held, held])
  })

  it('have a link from which nobody finds their signature in the database without the server’s key', async () => {
    await bring(addresses(1))
    await invite()
    await work()
    const link = Buffer.from(linkOf(address(0)).split('/').at(-1)!, 'base64url')
    await signAndConfirm(harness, { email: address(0) })
    const rows = await query<{ tag: Buffer }>('select tag from signature where tag is not null')
    assert.ok(rows.length > 0)
    for (const { tag } of rows)
      for (let at = 0; at + 8 <= tag.length; at++)
        assert.ok(!link.includes(tag.subarray(at, at + 8)), `${at}`)
  })

  it('stay out when they refuse at the moment at which a file brings them in', async () => {
    await bring(addresses(1))
    await invite()
    await work()
    const link = linkOf(address(0))
    await signAndConfirm(harness, { email: address(0) })
    await withdraw(harness, address(0))
    const petition = await getDemo(harness)
    const { db, keyring } = harness.site
    const batchId = (await harness.site.imports.list(petition))[0]!.id
    const tags = tagsOf(mailboxKeys(petition, keyring), parseEmail(address(0))!)
    const person = { id: newId(), tags, commitment: Buffer.alloc(32), sealed: Buffer.alloc(32) }
    await db.transaction().execute(async (trx) => {
      assert.equal(await insertImported(trx, { batchId, petitionId: petition.id }, [person]), 1)
      await post(link)
    })
    assert.equal((await query('select from imported')).length, 1)
    await tend()
    assert.deepEqual(await query('select from imported'), [])
  })

  it('leave nothing behind when they withdraw, but a wish to be imported no more', async () => {
    await bring(addresses(2))
    await invite()
    await work()
    const link = linkOf(address(1))
    await remove()
    for (const email of addresses(2)) await signAndConfirm(harness, { email })
    assert.equal((await query('select from import_mark')).length, 2)
    for (const email of addresses(2)) await withdraw(harness, email)
    assert.deepEqual(await query('select from import_mark'), [])
    await post(link)
    assert.match((await bring(addresses(2))).output, /Batch \d+ has 1 person,/)
  })

  it('are sealed to the keys of the moment, however long the import lasts', async () => {
    const identity = await generateX25519Identity()
    const recipient = await identityToRecipient(identity)
    const all = addresses(250)
    await write(all)
    const petition = await getDemo(harness)
    const { imports, db } = harness.site
    const about = { path: file, origin: 'csv', signal: new AbortController().signal } as const
    const survey = await imports.survey(petition, { ...about, onBytes: () => {} })
    const onRows = () =>
      sql`
        update petition set settings = jsonb_set(settings, '{recipients}', ${JSON.stringify([recipient])}::jsonb)`.execute(
        db,
      )
    await imports.takeIn(petition, { ...about, survey, onRows }, TESTER)
    const out = join(folder, 'rotated.jsonl')
    await run('export', DEMO, '--out', out)
    const opened = await openExport((await readFile(out, 'utf8')).trimEnd().split('\n'), identity)
    // What was sealing at that moment may still be the former keys'.
    assert.ok(opened.filter(({ outcome }) => outcome === 'opened').length >= 50)
  })

  it('get their mails at the pace that was ordered last, also when their job was lost', async () => {
    await bring(addresses(4))
    await invite('--per-minute', '6000')
    assert.match(
      (await invite('--per-minute', '1')).output,
      /\nAdded: 0 invitations\. .* at most 1 a minute/,
    )
    assert.match((await invite()).output, /\nAdded: 0 invitations\. .* at most 1 a minute/)
    await harness.makeJobsDue()
    await harness.work()
    assert.equal((await query('select from invitation')).length, 3)
    await query("delete from graphile_worker._private_jobs where key like 'send-invitations%'")
    await tend()
    assert.equal((await query('select from invitation')).length, 2)
  })

  it('are looked through without waiting for a row that somebody holds', async () => {
    await bring(addresses(3))
    for (const email of addresses(2)) await signAndConfirm(harness, { email })
    const { db } = harness.site
    await db.transaction().execute(async (trx) => {
      await sql`select from imported where tag in (select tag from signature) limit 1 for update`.execute(
        trx,
      )
      const done = tend().then(() => 'done')
      assert.equal(await Promise.race([done, sleep(60_000, 'waits', { ref: false })]), 'done')
      assert.equal((await query('select from imported')).length, 2)
    })
    await tend()
    assert.equal((await query('select from imported')).length, 1)
  })
})
