import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../src/platform/clock.ts'
import { remindPending } from '../../src/signature/remind-or-erase.ts'
import { type Harness, startHarness, useFreshHarness } from '../support/harness.ts'
import { get, post, sign, signAndConfirm } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'

const ASK = '/en/p/cop29-baku/withdraw'
/** Whose own signing the watcher wants to know of, and somebody else's. */
const VICTIM = 'leyla.yunus@gmail.com'
const OTHER = 'somebody.else@gmail.com'
const MODIFIED = { time: 0, reqId: '', pid: 0, hostname: '', responseTime: 0 }
/** What the clock and the processor make of it. */
const MEASURED = /^(?:#|process_|nodejs_|http_request_duration_seconds_(?:sum|bucket))/

type Story = (site: Harness) => Promise<unknown>

describe('a watcher of /readyz, /metrics and the whole log who asks for links to withdraw', () => {
  const signed = useFreshHarness({ METRICS_TOKEN: 'let-me-in' })
  const unsigned = useFreshHarness({ METRICS_TOKEN: 'let-me-in' })
  beforeEach(async () => {
    await signAndConfirm(signed, { email: VICTIM })
    await signAndConfirm(unsigned, { email: OTHER })
  })

  /** Everything that the watcher sees after each step. */
  async function watch(site: Harness, story: Story[]): Promise<string[]> {
    site.logged.length = 0
    const seen: string[] = []
    for (const step of story) {
      await step(site)
      const headers = { authorization: 'Bearer let-me-in' }
      const metrics = await (await get(site, '/metrics', headers)).text()
      seen.push(
        await (await get(site, '/readyz')).text(),
        await (await get(site, '/readyz', headers)).text(),
        ...metrics.split('\n').filter((line) => !MEASURED.test(line)),
        ...site.logged
          .splice(0)
          .map((line) => JSON.stringify({ ...JSON.parse(line), ...MODIFIED })),
      )
    }
    return seen
  }

  async function assertSame(...story: Story[]): Promise<string> {
    const seen = await watch(unsigned, story)
    assert.deepEqual(await watch(signed, story), seen)
    return seen.join('\n')
  }

  const ask =
    (times = 1, emails = [VICTIM]): Story =>
    async (site) => {
      for (let time = 0; time < times; time++) {
        for (const email of emails) {
          assert.equal((await post(site, ASK, { email })).status, 200)
        }
      }
    }
  const form =
    (email: string): Story =>
    (site) =>
      sign(site, { email })
  const work: Story = async (site) => {
    site.clock.move(5 * MINUTE)
    await site.makeJobsDue()
    await site.work()
  }
  const later =
    (span: number): Story =>
    async (site) =>
      site.clock.move(span)
  const refuse =
    (text: string, code = 550, whom?: (address: string) => boolean): Story =>
    async (site) =>
      site.mail.refuseWith(code, text, whom)
  const take: Story = async (site) => site.mail.refuseWith(null)
  const check: Story = (site) => site.site.mailer.check()

  const waitingJobs = (site: Harness) =>
    runSql(
      site.databaseUrl,
      `select flags from graphile_worker.jobs where task_identifier = 'mail-withdrawal'`,
    )

  for (const [relay, break_] of [
    ['refuses by policy', refuse('5.7.1 Relay access denied')],
    ['refuses without a reason', refuse('Denied')],
    ['puts everybody off', refuse('4.7.1 Greylisted', 451)],
  ] as const) {
    it(`learns nothing while the mail server ${relay}, and leaves one job, not twelve`, async () => {
      const seen = await assertSame(check, break_, ask(), work, ask(11), work, check, work)
      assert.doesNotMatch(seen, /mail-withdrawal|put off/)
      assert.equal((await waitingJobs(signed)).rowCount, 1, 'and that one still waits')
    })
  }

  it('learns nothing from a healthy mail server, though the third link waits for its turn', async () => {
    const seen = await assertSame(ask(3), work, ask(), work, form('me@example.org'), work)
    assert.doesNotMatch(seen.replace(/^.*undersigned_held_forms.*$/gm, ''), /put off|capped|held/)
    assert.equal(signed.mail.mails.filter(({ recipient }) => recipient === VICTIM).length, 2)
  })

  it('leaves two jobs with forty spellings of one mailbox, and the one that signed gets its link', async () => {
    await refuse('5.7.1 Relay access denied')(signed)
    const spellings = Array.from({ length: 40 }, (_, nth) => `leylayunus+${nth}@gmail.com`)
    await ask(1, [VICTIM, ...spellings])(signed)
    for (let round = 0; round < 3; round++) await work(signed)
    assert.equal((await waitingJobs(signed)).rowCount, 2)
    await take(signed)
    await later(HOUR)(signed)
    await work(signed)
    await later(HOUR)(signed)
    await work(signed)
    assert.match(signed.mail.lastTo(VICTIM).text ?? '', /\/withdraw\//)
  })

  it('learns nothing as the mail server takes mails again', async () => {
    const seen = await assertSame(
      refuse('5.7.1 Relay access denied'),
      form('me@example.org'),
      work,
      ask(),
      work,
      take,
      ask(),
      async (site) => {
        await runSql(
          site.databaseUrl,
          `delete from graphile_worker._private_jobs where payload ->> 'to' is null`,
        )
      },
      work,
      form('me.too@example.org'),
      work,
    )
    assert.match(seen, /"mail":"refused"/)
  })

  it('learns nothing from a mailbox of his own that is believed gone once others are taken', async () => {
    await assertSame(
      refuse('No such user', 550, (address) => address.startsWith('gone')),
      form('gone@example.org'),
      work,
      ask(),
      async (site) => {
        site.clock.move(MINUTE)
        await runSql(
          site.databaseUrl,
          `update graphile_worker._private_jobs set run_at = now() where payload ->> 'to' is not null`,
        )
        await site.work()
      },
      work,
    )
  })

  it('learns nothing by filling the cap with links and then sending a form, which waits or does not', async () => {
    await assertSame(ask(2), work, refuse('5.7.1 Relay access denied'), form(VICTIM), work, work)
    assert.equal(signed.mail.mails.filter(({ recipient }) => recipient === VICTIM).length, 2)
  })

  it('learns nothing from a reminder, which goes only to who has not signed', async () => {
    await assertSame(
      form(VICTIM),
      work,
      refuse('5.7.1 Relay access denied'),
      later(2 * DAY + HOUR),
      (site) => remindPending(site.site.db, site.clock),
      work,
      work,
    )
  })

  it('learns nothing when a link is given up after days', async () => {
    const seen = await assertSame(
      refuse('5.7.1 Relay access denied'),
      ask(),
      work,
      async (site) => {
        await runSql(
          site.databaseUrl,
          `update graphile_worker._private_jobs
              set payload = (payload::jsonb || '{"attempt": 900}')::json`,
        )
      },
      work,
    )
    assert.doesNotMatch(seen, /given up/)
    assert.equal((await waitingJobs(signed)).rowCount, 0)
  })

  it('sees no count of sockets, of which one leads to the mail server', async () => {
    const headers = { authorization: 'Bearer let-me-in' }
    const text = await (await get(signed, '/metrics', headers)).text()
    assert.match(text, /^process_cpu_seconds_total /m)
    assert.doesNotMatch(text, /open_fds|active_(?:handles|requests|resources)/)
  })
})

describe('somebody who sends forms with one address while the mail server refuses', () => {
  it('leaves ten of them to wait, as where the address has had too many mails', async () => {
    const harness = await startHarness()
    after(() => harness.close())
    harness.mail.refuseWith(550, '5.7.1 Relay access denied')
    for (let nth = 0; nth < 14; nth++) await sign(harness, { email: 'target@example.org' })
    for (let round = 0; round < 18; round++) {
      harness.clock.move(5 * MINUTE)
      await harness.makeJobsDue()
      await harness.work()
    }
    const left = await runSql(
      harness.databaseUrl,
      `select from graphile_worker.jobs where task_identifier like 'mail-submission%'`,
    )
    assert.equal(left.rowCount, 10)
  })
})
