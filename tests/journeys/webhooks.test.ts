import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { addWebhookCommands } from '../../src/commands/webhook.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/platform/clock.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { runCommand } from '../support/run-command.ts'
import { signAndConfirm } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'
import { agreed, TESTER } from '../support/tester.ts'
import { updateDesk } from '../support/update-desk.ts'
import { type Receiver, signatureOf, startReceiver } from '../support/webhook-receiver.ts'

// Over 250 lines: one receiver and its key serve everything that a delivery goes through.

describe('a system of organisers’', () => {
  const harness = useHarness()
  let receiver: Receiver
  /** Of the webhook that was added last. */
  let id: string
  beforeEach(async () => {
    receiver = await startReceiver()
  })
  afterEach(async () => {
    await runSql(
      harness.databaseUrl,
      'delete from webhook; delete from webhook_event; update petition set pause = null, hidden_at = null',
    )
    await receiver.close()
  })

  const run = (...line: string[]) =>
    runCommand(harness.site, addWebhookCommands, ['webhook', ...line])
  async function add(...options: string[]) {
    const { output, errors } = await run('add', receiver.url, ...options)
    assert.equal(errors, '')
    id = /^Webhook +(\d+)$/m.exec(output)![1]!
    return /^Secret +(whsec_\S+)$/m.exec(output)![1]!
  }
  const rows = async (statement: string) => (await runSql(harness.databaseUrl, statement)).rows
  /** How many have signed, as everybody sees it. */
  const counted = async () => (await harness.site.counts.shown((await getDemo(harness)).id)).counted
  /** A runner that ends when it finds no job finds none of a queue whose last job it has just ended. */
  async function deliver() {
    const due = 'select from graphile_worker._private_jobs where run_at <= now()'
    for (let nth = 0; nth < 6 && (await rows(due)).length > 0; nth++) await harness.work()
  }
  /** What the schedule runs each minute, and what follows from it. */
  async function look() {
    await runSql(harness.databaseUrl, `select graphile_worker.add_job('note-webhook-events')`)
    await harness.work()
    const failed =
      'select last_error from graphile_worker._private_jobs where last_error is not null'
    assert.deepEqual(await rows(failed), [])
    await deliver()
  }
  async function sign(...names: string[]) {
    for (const name of names) await signAndConfirm(harness, { email: `${name}@example.org` })
    await harness.tally()
  }
  const types = () => receiver.got.map(({ type }) => type)

  it('is told what happens from then on, signed, and nothing of what was before', async () => {
    await sign('first')
    const secret = await add('--petition', DEMO)
    const before = await counted()
    await look()
    assert.equal(receiver.got.length, 0)
    harness.clock.move(MINUTE)
    await sign('anna', 'boris')
    await look()
    const [moved] = receiver.got
    assert.deepEqual(types(), ['count.moved'])
    assert.deepEqual(moved!.data, {
      petition: {
        slug: DEMO,
        url: `http://petitions.test/p/${DEMO}`,
        api: `http://petitions.test/api/v1/petitions/${DEMO}`,
      },
      counted: before + 2,
      before,
    })
    assert.equal(moved!.signature, signatureOf(secret, moved!))
    assert.match(moved!.id, /^msg_[\w-]{22}$/)
    assert.equal(Number(moved!.timestamp), Math.floor(harness.clock.now().getTime() / 1000))
    assert.equal(JSON.parse(moved!.body).timestamp, harness.clock.now().toISOString())
    assert.equal(moved!.headers['content-type'], 'application/json')
    assert.doesNotMatch(moved!.body, /anna|boris|example\.org|Tester/)
    await look()
    assert.equal(receiver.got.length, 1, 'nothing twice')
  })

  it('hears of counts once a minute at most', async () => {
    await add()
    for (let nth = 0; nth < 6; nth++) {
      await sign(`minute${nth}`)
      await look()
      harness.clock.move(20 * SECOND)
    }
    const counts = receiver.got.map(({ data }) => data.counted)
    assert.ok(counts.length <= 2, `${counts}`)
    harness.clock.move(MINUTE)
    await look()
    assert.equal(receiver.got.at(-1)!.data.counted, await counted())
  })

  it('hears of a guarded petition no more than its page says', async () => {
    await runSql(
      harness.databaseUrl,
      `update petition set settings = jsonb_set(settings, '{figures}', '"guarded"')`,
    )
    await add()
    harness.clock.move(MINUTE)
    const before = await counted()
    await sign('guarded1', 'guarded2', 'guarded3')
    const shown = await counted()
    await look()
    assert.equal(receiver.got.at(-1)?.data.counted ?? before, shown)
    await runSql(
      harness.databaseUrl,
      `update petition set settings = jsonb_set(settings, '{figures}', '"live"')`,
    )
  })

  it('hears of a hidden petition that it is hidden, and of its texts once it is shown', async () => {
    await add('--events', 'update.published, state.changed')
    const { publish } = updateDesk(harness)
    await publish('hidden-letters')
    await harness.site.publishing.hide(DEMO, TESTER)
    await look()
    assert.deepEqual(types(), ['state.changed'])
    assert.equal(receiver.got[0]!.data.hidden, true)
    await harness.site.publishing.show(DEMO, TESTER)
    await look()
    assert.deepEqual(types().slice(1), ['state.changed', 'update.published'])
  })

  it('that is away gets it later, under the same id; of counts the newest', async () => {
    await add()
    receiver.status = 503
    harness.clock.move(MINUTE)
    await sign('away1')
    await look()
    assert.equal(receiver.got.length, 1)
    harness.clock.move(MINUTE)
    await sign('away2')
    await look()
    const [list] = await rows('select state, tries, why from webhook_delivery')
    assert.deepEqual(list, { state: 'waiting', tries: 1, why: 'it answered 503' })
    receiver.status = 200
    await harness.makeJobsDue()
    await harness.work()
    const counts = receiver.got.map(({ data }) => data.counted)
    assert.deepEqual(counts, [(await counted()) - 1, await counted()])
    assert.match((await run('list')).output, /0 waiting\t0 failed\tlast 2024-/)
  })

  it('that stays away is given up after three days of growing pauses, and told on request', async () => {
    await add('--events', 'state.changed')
    receiver.status = 500
    await harness.site.publishing.pause(DEMO, TESTER, { reason: 'text', words: {} })
    await look()
    const pauses: number[] = []
    for (;;) {
      const [row] = await rows('select state, due_at from webhook_delivery')
      if (row!.state !== 'waiting') break
      pauses.push((row!.due_at as Date).getTime() - harness.clock.now().getTime())
      harness.clock.move(pauses.at(-1)!)
      await harness.makeJobsDue()
      await harness.work()
    }
    assert.deepEqual(
      pauses,
      [...pauses].sort((a, b) => a - b),
    )
    const days = pauses.reduce((sum, pause) => sum + pause, 0) / DAY
    assert.ok(days > 2.9 && days < 3.3, `${days} days`)
    assert.equal(new Set(receiver.got.map(({ id }) => id)).size, 1, 'always the same message')
    assert.ok(harness.logged.some((line) => line.includes('a webhook was given up')))
    assert.ok(!harness.logged.some((line) => line.includes('t0k3n')))

    const { output } = await run('failed')
    assert.match(output, /^\d+\tmsg_\S+\tstate\.changed\t2024-\S+\tit answered 500$/m)
    receiver.status = 200
    const before = receiver.got.length
    assert.match((await run('replay', id)).output, /^1 to be sent again/)
    await harness.work()
    assert.equal(receiver.got.length, before + 1)
    assert.match((await run('failed', id)).output, /Nothing has failed/)
    const { id: message } = receiver.got.at(-1)!
    await run('replay', id, message)
    await harness.work()
    assert.equal(receiver.got.at(-1)!.id, message, 'one that was delivered, too')
    assert.match((await run('replay', id)).errors, /no event that failed/)
    await harness.site.publishing.resume(DEMO, TESTER)
    harness.clock.move(31 * DAY)
    await look()
    assert.match((await run('replay', id, message)).errors, /kept for 30 days/)
  })

  it('gets a newer count that came while the one before was under way', async () => {
    await add()
    harness.clock.move(MINUTE)
    await sign('under-way1')
    receiver.meanwhile = async () => {
      receiver.meanwhile = async () => {}
      harness.clock.move(MINUTE)
      await runSql(
        harness.databaseUrl,
        `update tally set signatures = signatures + 1
          where dimension = 'total' and key = 'confirmed'`,
      )
      await harness.site.webhooks.noteEvents()
    }
    await look()
    assert.deepEqual(
      receiver.got.map(({ data }) => data.counted),
      [(await counted()) - 1, await counted()],
    )
  })

  it('that is paused gets nothing until it is resumed; one that is gone pauses itself', async () => {
    await add('--events', 'state.changed')
    await run('pause', id)
    assert.match((await run('pause', id)).errors, /paused already/)
    await harness.site.publishing.pause(DEMO, TESTER, { reason: 'text', words: {} })
    await look()
    assert.deepEqual(receiver.got, [])
    assert.match((await run('resume', id)).output, /1 waiting/)
    receiver.status = 410
    await harness.work()
    assert.match((await run('list')).output, /paused: it answered 410/)
    receiver.status = 200
    await run('resume', id)
    await harness.work()
    assert.equal(receiver.got.length, 2)
    await harness.site.publishing.resume(DEMO, TESTER)
    assert.match((await run('remove', id)).errors, /add --yes to forget webhook/)
    await run('remove', id, '--yes')
    assert.match((await run('list')).output, /There is no webhook/)
    assert.deepEqual(await rows('select from webhook_delivery'), [])
    assert.match((await run('resume', id)).errors, /there is no webhook/)
  })

  it('may have two secrets for a while; neither they nor its address lie readable anywhere', async () => {
    const first = await add('--events', 'state.changed')
    const { output } = await run('rotate', id, '--hours', '24')
    const second = /^Secret +(whsec_\S+)$/m.exec(output)![1]!
    assert.notEqual(first, second)
    assert.equal((await run('test', id)).errors, '')
    const [both] = receiver.got
    assert.deepEqual(both!.signature.split(' '), [
      signatureOf(second, both!),
      signatureOf(first, both!),
    ])
    assert.deepEqual([both!.type, both!.data], ['test', { petition: null, webhook: Number(id) }])
    harness.clock.move(25 * HOUR)
    await run('test', id)
    assert.equal(receiver.got[1]!.signature, signatureOf(second, receiver.got[1]!))

    const stored = JSON.stringify(await rows('select w::text as w from webhook w'))
    const noted = JSON.stringify(await rows('select a::text as a from action a'))
    await look()
    assert.deepEqual(await rows('select former_secret, former_until from webhook'), [
      { former_secret: null, former_until: null },
    ])
    for (const secret of [first, second, 't0k3n']) {
      const hex = Buffer.from(secret).toString('hex')
      for (const text of [stored, noted]) assert.ok(!text.includes(secret) && !text.includes(hex))
    }
  })

  it('is noted with who added, tested, paused, resumed, rotated, replayed and removed it', async () => {
    await add('--petition', DEMO)
    for (const verb of ['test', 'pause', 'resume', 'rotate']) await run(verb, id)
    await run('remove', id, '--yes')
    const noted = await rows(
      `select what, petition, after from action
        where what like 'webhook %' and after->>'webhook' = '${id}' order by id`,
    )
    assert.deepEqual(
      noted.map(({ what }) => what),
      ['add', 'test', 'pause', 'resume', 'rotate', 'remove'].map((verb) => `webhook ${verb}`),
    )
    assert.equal(noted[0]!.petition, DEMO)
    assert.match(noted[0]!.after.host, /^localhost:\d+$/)
  })

  it('can be removed, and is listed and told why, though the key it was added with is lost', async () => {
    await add('--events', 'state.changed')
    await runSql(
      harness.databaseUrl,
      `update webhook set url = set_byte(url, 20, get_byte(url, 20) # 1)`,
    )
    assert.match((await run('list')).output, new RegExp(`^${id}\tan address that can’t be read`))
    assert.match((await run('test', id)).errors, /was not reached: .*SECRET_KEY is another one/)
    await harness.site.publishing.pause(DEMO, TESTER, { reason: 'text', words: {} })
    await look()
    const [delivery] = await rows('select state, tries, why from webhook_delivery')
    assert.deepEqual([delivery!.state, delivery!.tries], ['waiting', 1])
    assert.match(delivery!.why, /can’t be read/)
    assert.equal((await run('remove', id, '--yes')).errors, '')
    assert.match((await run('list')).output, /There is no webhook/)
  })

  it('is refused where it is none of the public Internet, and so are events that are none', async () => {
    for (const [line, fault] of [
      [['add', 'http://organisers.example/'], /https/],
      [['add', 'https://10.0.0.1/'], /no public address/],
      [['add', 'https://a:b@organisers.example/'], /password/],
      [['add', 'organisers'], /the address is none/],
      [['add', receiver.url, '--events', 'count.moved,other'], /no event other/],
      [['add', receiver.url, '--petition', 'nothing'], /no petition/],
      [['test', 'x'], /no webhook's number/],
    ] as const) {
      assert.match((await run(...line)).errors, fault)
    }
    assert.match((await run('list')).output, /There is no webhook/)
  })

  it('is told of a petition that is published later', async () => {
    await add()
    await runSql(harness.databaseUrl, 'delete from webhook_told')
    await look()
    assert.deepEqual(types(), ['state.changed'])
    assert.deepEqual([receiver.got[0]!.data.stage, receiver.got[0]!.data.before], ['open', null])
  })

  it('hears of updates, answers, milestones and states, each once and in order', async () => {
    await add()
    const { publish } = updateDesk(harness)
    await publish('first-letters')
    const { targets, publishing } = harness.site
    const petition = await getDemo(harness)
    await targets.import(petition, [{ id: 'de', country: 'DE', office: 'government' }], TESTER)
    await targets.ask(petition, { word: 'de', on: '2024-02-01' }, TESTER)
    const texts = Object.fromEntries(petition.settings.languages.map((one) => [one, 'Yes.']))
    const answer = { stance: 'agrees' as const, on: '2024-02-20', texts, source: null }
    const entry = await targets.answer(petition, { word: 'de', answer }, TESTER)
    await publishing.pause(DEMO, TESTER, { reason: 'text', words: {} })
    await look()
    assert.deepEqual(types(), ['state.changed', 'update.published', 'answer.noted'])
    const [state, update, answered] = receiver.got.map(({ data }) => data)
    assert.deepEqual(
      [state!.stage, state!.hidden, state!.before],
      ['paused', false, { stage: 'open', hidden: false }],
    )
    assert.equal((update!.titles as Record<string, string>).ru, 'Письма отправлены')
    assert.match(
      (update!.urls as Record<string, string>).en!,
      /\/en\/p\/.*\/updates\/first-letters$/,
    )
    assert.deepEqual(
      [answered!.target, answered!.stance, answered!.entry, answered!.on],
      ['de', 'agrees', entry, '2024-02-20'],
    )
    await targets.mistake(petition, { word: 'de', corrects: entry }, TESTER)
    await publishing.resume(DEMO, TESTER)
    await runSql(
      harness.databaseUrl,
      `update tally set signatures = 1005 where dimension = 'total' and key = 'confirmed';
       insert into tally (petition_id, dimension, key, signatures)
       select id, 'total', 'confirmed', 1005 from petition on conflict do nothing`,
    )
    harness.clock.move(MINUTE)
    await look()
    const later = receiver.got.slice(3)
    assert.deepEqual(later.map(({ type }) => type).sort(), [
      'answer.noted',
      'count.moved',
      'milestone.reached',
      'state.changed',
    ])
    const milestone = later.find(({ type }) => type === 'milestone.reached')!
    assert.deepEqual([milestone.data.milestone, milestone.data.counted], [1000, 1005])
    await publishing.close(DEMO, TESTER, agreed)
    await look()
    assert.equal(receiver.got.at(-1)!.data.stage, 'closed', 'or by its day: no verb tells')
  })
})
