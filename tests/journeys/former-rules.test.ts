import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'node:test'
import pg from 'pg'
import type { Petition } from '../../src/petition/petition.ts'
import { parseEmail } from '../../src/platform/address/email-address.ts'
import { HOUR } from '../../src/platform/clock.ts'
import { formerTagFor, tagFor } from '../../src/signature/mailbox.ts'
import { recomputeTags } from '../../src/signature/recompute-tags.ts'
import { getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import {
  confirm,
  counted,
  get,
  signAndConfirm,
  signAndOpenMail,
  withdraw,
} from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'
import { TESTER } from '../support/tester.ts'
import { until } from '../support/until.ts'

const hex = (bytes: Buffer) => `'\\x${bytes.toString('hex')}'`

describe('a signature that was made by former rules', () => {
  const harness = useHarness()
  let petition: Petition
  let people = 0
  /** A name of its own for each story. */
  let name: string
  before(async () => {
    petition = await getDemo(harness)
  })
  beforeEach(() => {
    name = `person${people++}`
  })

  const sql = (text: string) => runSql(harness.databaseUrl, text)
  const former = (normalised: string) => formerTagFor(petition, harness.site.keyring, normalised)

  /** Signs, and gives the row the tag that its release gave, and no address before they were kept. */
  async function signedThen(
    email: string,
    normalised: string,
    { address = true, sealed = true } = {},
  ) {
    await signAndConfirm(harness, { email })
    if (sealed) await harness.seal()
    const tag = tagFor(petition, harness.site.keyring, parseEmail(email)!.normalised)
    const now = `tag = ${hex(former(normalised))}${address ? '' : ', address = null'}`
    const { rows } = await sql(`update signature set ${now} where tag = ${hex(tag)} returning id`)
    const [{ id }] = rows
    // Past the pause between two mails to one address.
    harness.clock.move(2 * HOUR)
    return id as string
  }

  async function signsAnew(email: string): Promise<boolean> {
    harness.clock.move(2 * HOUR)
    const before = await counted(harness)
    const link = await signAndOpenMail(harness, { email })
    await confirm(harness, link)
    await harness.tally()
    const isNew = (await counted(harness)) > before
    if (!isNew) assert.match(await (await get(harness, link)).text(), /You have already signed/)
    return isNew
  }

  async function leaves(email: string): Promise<void> {
    harness.clock.move(2 * HOUR)
    const before = await counted(harness)
    await harness.work()
    await withdraw(harness, email)
    assert.equal(await counted(harness), before - 1)
  }

  it('of before addresses were kept counts once, and its signer can leave', async () => {
    await signedThen(`${name}+old@example.org`, `${name}@example.org`, { address: false })
    assert.equal(await signsAnew(`${name}+old@example.org`), false)
    await leaves(`${name}+old@example.org`)
    assert.equal(await signsAnew(`${name}+old@example.org`), true)
  })

  it('is its own signer’s alone where that rule took two for one', async () => {
    await signedThen(`${name}+x@icloud.com`, `${name}@icloud.com`)
    assert.equal(await signsAnew(`${name}+x@icloud.com`), false)
    assert.equal(await signsAnew(`${name}@icloud.com`), true)
    assert.equal(await signsAnew(`${name}+y@icloud.com`), true)
    await leaves(`${name}+x@icloud.com`)
  })

  it('is found in every spelling where today’s rule joins what that one joined', async () => {
    await signedThen(`${name}@posteo.net`, `${name}@posteo.net`)
    assert.equal(await signsAnew(`${name.toUpperCase()}@posteo.net`), false)
    await leaves(`${name.toUpperCase()}@posteo.net`)
  })

  it('shows what a later form says, and takes its signer off the list that the form joined', async () => {
    await signedThen(`${name}+x@zoho.com`, `${name}@zoho.com`)
    const fields = {
      email: `${name}+x@zoho.com`,
      name: `Later ${name}`,
      display: 'name',
      updates: 'yes',
    }
    const link = await signAndOpenMail(harness, fields)
    await confirm(harness, link)
    assert.equal((await confirm(harness, link, 'replace')).status, 303)
    assert.match(await (await get(harness, '/en/p/cop29-baku')).text(), new RegExp(`Later ${name}`))
    const subscribers = async () => (await sql('select id from subscriber')).rows.length
    const before = await subscribers()
    await leaves(fields.email)
    assert.equal(await subscribers(), before - 1)
  })

  it('two forms of a Yandex mailbox are one, with a dot or a hyphen and at any of its domains', async () => {
    assert.equal(await signsAnew(`ivan.${name}@yandex.ru`), true)
    assert.equal(await signsAnew(`ivan-${name}@ya.ru`), false)
    assert.equal(await signsAnew(`Ivan.${name}@yandex.by`), false)
    assert.equal(await signsAnew(`ivan${name}@yandex.ru`), true, 'another person')
  })

  it('moves to today’s tag while it can be read, as a rehearsal has counted, and else stays', async () => {
    const { db, keyring } = harness.site
    const today = (local: string) => hex(tagFor(petition, keyring, `${local}@icloud.com`))
    await signAndConfirm(harness, { email: `${name}-z@icloud.com` })
    await harness.seal()
    const then = { sealed: false }
    const id = await signedThen(`${name}+x@icloud.com`, `${name}@icloud.com`, then)
    await signedThen(`${name}+y@icloud.com`, `other-${name}@icloud.com`, then)
    await sql(`update signature set tag = ${today(`${name}+y`)} where tag = ${today(`${name}-z`)}`)
    const tags = async () =>
      (await sql('select id, tag from signature where tag is not null order by id')).rows
    const before = await tags()
    const rehearsed = await recomputeTags(
      db,
      { clock: harness.clock, keyring, by: TESTER },
      petition,
      { rehearse: true },
    )
    assert.deepEqual(await tags(), before)
    assert.deepEqual({ ...rehearsed, sealed: 0 }, { readable: 2, moved: 1, left: 1, sealed: 0 })
    assert.ok(rehearsed.sealed > 0)
    assert.deepEqual(
      await recomputeTags(db, { clock: harness.clock, keyring, by: TESTER }, petition, {
        rehearse: false,
      }),
      rehearsed,
    )
    const moved = (await tags()).filter((row, at) => !row.tag.equals(before[at]!.tag))
    assert.deepEqual(
      moved.map((row) => [row.id, row.tag.toString('hex')]),
      [[id, tagFor(petition, keyring, `${name}+x@icloud.com`).toString('hex')]],
    )
    const twice = await recomputeTags(db, { clock: harness.clock, keyring, by: TESTER }, petition, {
      rehearse: false,
    })
    assert.equal(twice.moved, 0)
    assert.equal(await signsAnew(`${name}+x@icloud.com`), false)
  })

  it('stays, and lets the others move, when its mailbox signs at the same moment', async () => {
    const { db, keyring } = harness.site
    const today = (local: string) => hex(tagFor(petition, keyring, `${local}@icloud.com`))
    const then = { sealed: false }
    await signAndConfirm(harness, { email: `${name}-z@icloud.com` })
    await harness.seal()
    const stays = await signedThen(`${name}+x@icloud.com`, `${name}@icloud.com`, then)
    const moves = await signedThen(`${name}+y@icloud.com`, `other-${name}@icloud.com`, then)
    const before = (
      await recomputeTags(db, { clock: harness.clock, keyring, by: TESTER }, petition, {
        rehearse: true,
      })
    ).moved
    const other = new pg.Client(harness.databaseUrl)
    await other.connect()
    try {
      await other.query('begin')
      const takes = `update signature set tag = ${today(`${name}+x`)} where tag = ${today(`${name}-z`)}`
      assert.equal((await other.query(takes)).rowCount, 1)
      const recomputing = recomputeTags(
        db,
        { clock: harness.clock, keyring, by: TESTER },
        petition,
        { rehearse: false },
      )
      const isHeldUp = `
        select from pg_stat_activity
         where wait_event_type = 'Lock' and query like '%update signature set tag%'`
      await until(async () => (await sql(isHeldUp)).rows.length > 0)
      await other.query('commit')
      assert.equal((await recomputing).moved, before - 1)
    } finally {
      await other.end()
    }
    const tagOf = async (id: string) => {
      const { rows } = await sql(`select tag from signature where id = '${id}'`)
      return hex(rows[0].tag)
    }
    assert.equal(await tagOf(stays), hex(former(`${name}@icloud.com`)))
    assert.equal(await tagOf(moves), today(`${name}+y`))
  })
})
