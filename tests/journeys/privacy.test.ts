import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import pg from 'pg'
import { DAY } from '../../src/platform/clock.ts'
import { remindPending } from '../../src/signature/remind-or-erase.ts'
import { useHarness } from '../support/harness.ts'
import { get, post, sign, signAndConfirm, signAndOpenMail } from '../support/signer.ts'

const MARKED = {
  name: 'Zxqname Zxqfamily',
  email: 'zxqmail@zxqdomain.example',
  postcode: 'ZXQ 123',
  comment: 'Zxqcomment in my own words',
}

describe('what the server keeps', () => {
  const harness = useHarness()

  /** Every row of every table, jobs included, as text; bytea as what its bytes spell, too. */
  async function dump(): Promise<string> {
    const client = new pg.Client({ connectionString: harness.databaseUrl })
    await client.connect()
    const { rows: tables } = await client.query(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname in ('public', 'graphile_worker')`,
    )
    let text = ''
    for (const { name } of tables) {
      const { rows } = await client.query(`select * from ${name}`)
      for (const row of rows) {
        for (const value of Object.values(row)) {
          text += Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)
        }
      }
    }
    await client.end()
    return text
  }

  // Whole words: "zxq" alone stands in thousands of bytes of ciphertext, or in their base64, now and then by chance.
  const assertNothingReadable = (text: string, allowed: RegExp | null = null) => {
    const found = text.match(/zxq(?:name|family|mail|other|domain|comment| 123)/gi) ?? []
    assert.deepEqual(
      found.filter((word) => !allowed?.test(word)),
      [],
    )
  }

  it('no name, address, postcode or comment lies readable in a table, job or log before confirmation', async () => {
    await sign(harness, MARKED)
    assertNothingReadable(await dump())
    await harness.mail.goAway()
    await harness.work()
    assertNothingReadable(await dump())
    await harness.mail.comeBack()
    await harness.makeJobsDue()
    await harness.work()
    harness.clock.move(3 * DAY)
    await remindPending(harness.site.db, harness.clock)
    await post(harness, '/en/p/cop29-baku/withdraw', { email: MARKED.email })
    assertNothingReadable(await dump())
    await harness.makeJobsDue()
    await harness.work()
    assertNothingReadable(await dump())
    assertNothingReadable(harness.logged.join())
  })

  it('after it only what the signer chose to show, and a comment that waits to be read', async () => {
    await signAndConfirm(harness, { ...MARKED, email: 'zxqother@zxqdomain.example' })
    assertNothingReadable(await dump(), /^zxqcomment$/i)
    assertNothingReadable(harness.logged.join())
  })

  it('a waiting comment is not on the page; an approved one is, without a hidden name', async () => {
    const page = async () => (await get(harness, '/en/p/cop29-baku')).text()
    assert.doesNotMatch(await page(), /Zxqcomment/)
    await harness.site.db.updateTable('comment').set({ state: 'approved' }).execute()
    assert.match(await page(), /Zxqcomment/)
    assert.doesNotMatch(await page(), /Zxqname/)
  })

  it('the log holds no token, share code, query or visitor’s address', async () => {
    const link = await signAndOpenMail(harness, { email: 'logged@example.org' })
    const token = link.split('/').at(-1)!
    await get(harness, link)
    const answer = await post(harness, link, { decision: 'confirm' })
    const code = answer.headers.get('location')!.split('=')[1]!
    await get(harness, `/s/${code}`)
    await get(harness, `/en/p/cop29-baku?ref=${code}`)
    const log = harness.logged.filter((line) => !line.includes('Server listening')).join('\n')
    assert.match(log, /\/:lang\/confirm\/:token/)
    assert.ok(!log.includes(token))
    assert.ok(!log.includes(code))
    assert.doesNotMatch(log, /127\.0\.0\.1|remoteAddress/)
  })

  it('new, pending and confirmed addresses do the same work in the database', async () => {
    const statements = async (email: string) => {
      const seen: string[] = []
      const { pool } = harness.webConnection
      const note = (client: pg.PoolClient) => {
        const query = client.query
        // biome-ignore lint/suspicious/noExplicitAny: passes whatever pg's overloads take
        client.query = ((...args: any[]) => {
          const [first] = args
          seen.push(String(typeof first === 'string' ? first : first.text).slice(0, 60))
          // biome-ignore lint/suspicious/noExplicitAny: as above
          return (query as any).apply(client, args)
        }) as typeof query
        return () => {
          client.query = query
        }
      }
      const undo = new Map<pg.PoolClient, () => void>()
      const onAcquire = (client: pg.PoolClient) => {
        if (!undo.has(client)) undo.set(client, note(client))
      }
      pool.on('acquire', onAcquire)
      const answer = await sign(harness, { email })
      pool.off('acquire', onAcquire)
      for (const each of undo.values()) each()
      return { seen, status: answer.status, location: answer.headers.get('location') }
    }
    await signAndConfirm(harness, { email: 'was-confirmed@example.org' })
    await signAndOpenMail(harness, { email: 'was-pending@example.org' })
    const fresh = await statements('is-new@example.org')
    assert.ok(fresh.seen.length > 2, 'statements were seen')
    assert.deepEqual(await statements('was-pending@example.org'), fresh)
    assert.deepEqual(await statements('was-confirmed@example.org'), fresh)
  })
})
