import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import pg from 'pg'
import { DEMO } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import {
  confirm,
  counted,
  form,
  get,
  mailedPath,
  openWithdrawalMail,
  post,
  sign,
  signAndOpenMail,
} from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'
import { until } from '../support/until.ts'

/** Promised are 5 s, on a machine that does nothing else; what hung would do so until the wire is mended. */
const ANSWERED_WITHIN_MS = 60_000

describe('a database that gives no answer', () => {
  const harness = useFreshHarness()

  const timed = async <T>(work: Promise<T>) => {
    const since = performance.now()
    const outcome = await work
    const ms = performance.now() - since
    assert.ok(ms < ANSWERED_WITHIN_MS, `answered after ${ms} ms`)
    return outcome
  }
  const typed = form({ name: 'Оля Ў', email: 'typed@example.org', comment: 'Not lost' })
  const isReady = async () => (await get(harness, '/readyz')).status === 200
  const takesForms = async () => (await sign(harness, typed)).status === 303

  /** Nobody else reads or writes these tables until they are let go. */
  async function lock(tables: string[]): Promise<() => Promise<void>> {
    const holder = new pg.Client(harness.databaseUrl)
    await holder.connect()
    await holder.query(`begin; lock table ${tables.join(', ')}`)
    return () => holder.end()
  }

  async function givesTypedBack(answer: Response): Promise<void> {
    assert.equal(answer.status, 503)
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
    const html = await answer.text()
    for (const value of [typed.name!, typed.email!, typed.comment!])
      assert.ok(html.includes(value), value)
  }

  it('a wire that takes everything and hands nothing on: pages from memory, forms given back, and on without a restart', async () => {
    const link = await signAndOpenMail(harness, { email: 'before@example.org' })
    await get(harness, '/en/p/cop29-baku')
    harness.wire.swallow()
    // More at once than the pool has connections.
    const forms = Array.from({ length: 40 }, () => timed(sign(harness, typed)))
    const page = timed(get(harness, '/en/p/cop29-baku'))
    const figures = timed(get(harness, '/api/v1/petitions/cop29-baku/counts'))
    const confirmed = timed(confirm(harness, link))
    assert.equal((await timed(get(harness, '/readyz'))).status, 503)
    assert.equal((await get(harness, '/healthz')).status, 200)
    assert.equal((await page).status, 200)
    assert.ok([200, 404].includes((await figures).status))
    assert.equal((await confirmed).status, 503)
    for (const answer of await Promise.all(forms)) await givesTypedBack(answer)

    const asking = await post(harness, '/en/p/cop29-baku/withdraw', { email: 'typed@example.org' })
    assert.equal(asking.status, 503)
    assert.ok((await asking.text()).includes('value="typed@example.org"'))

    // Once it is known nobody waits.
    const since = performance.now()
    await givesTypedBack(await sign(harness, typed))
    assert.ok(performance.now() - since < 2000)

    await harness.wire.mend()
    await until(takesForms)
    await until(isReady)
    assert.equal((await confirm(harness, link)).status, 303)
    // The connections of others than the web may be dead, too: they try again.
    const countNow = async () => {
      await harness.tally()
      return counted(harness)
    }
    await until(() => countNow().catch(() => 0))
    assert.equal(await countNow(), 1)
    const lines = harness.logged.filter((line) => /"level":[456]0/.test(line))
    assert.ok(lines.length < 5, lines.join('\n'))
  })

  it('a database that takes no writes: forms given back, jobs wait, and on without a restart', async () => {
    const database = new URL(harness.databaseUrl).pathname.slice(1)
    await runSql(
      harness.databaseUrl,
      `alter database "${database}" set default_transaction_read_only = on`,
    )
    await harness.wire.cut()
    await harness.wire.mend()
    await until(async () => (await get(harness, '/en/p/cop29-baku')).status === 200)
    await givesTypedBack(await sign(harness, typed))
    const ready = await get(harness, '/readyz')
    assert.equal(ready.status, 503)
    assert.match(await ready.text(), /takes no writes/)

    await runSql(
      harness.databaseUrl,
      `set transaction_read_only = off; alter database "${database}" reset default_transaction_read_only`,
    )
    // Connections opened before keep the setting that they began with: they are left one by one.
    await until(takesForms)
    await until(isReady)
    await harness.work()
    assert.ok(harness.mail.mails.length > 0)
  })

  it('tables that are locked: who leaves, or asks for a link to leave, hears so in time, and can a moment later', async () => {
    const email = 'leaves@example.org'
    const link = await signAndOpenMail(harness, { email, updates: 'yes' })
    await confirm(harness, link)
    await harness.work()
    const unsubscribe = mailedPath(harness, email, 'unsubscribe')
    const leave = await openWithdrawalMail(harness, email)
    const letGo = await lock(['signature', 'subscriber', 'mail_count'])
    const answers = await timed(
      Promise.all([
        post(harness, leave, {}),
        post(harness, unsubscribe, {}),
        post(harness, `/en/p/${DEMO}/withdraw`, { email: 'asks@example.org' }),
      ]),
    )
    for (const { status, headers } of answers) {
      assert.equal(status, 503)
      assert.ok(Number(headers.get('retry-after')) > 0)
    }
    await letGo()
    assert.equal((await post(harness, unsubscribe, {})).status, 200)
    assert.equal((await post(harness, leave, {})).status, 303)
  })

  it('a table that is locked: a form is given back in time, and the next one is taken', async () => {
    await sign(harness, form({ email: 'before@example.org' }))
    const letGo = await lock(['submission'])
    await givesTypedBack(await timed(sign(harness, typed)))
    await letGo()
    await until(takesForms)
  })
})
