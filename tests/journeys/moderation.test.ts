import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { DAY, HOUR } from '../../src/platform/clock.ts'
import { DEMO } from '../support/demo.ts'
import { type Harness, useHarness } from '../support/harness.ts'
import { desk } from '../support/moderation-desk.ts'
import { confirm, counted, signAndOpenMail } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'

describe('names and comments that wait', () => {
  const harness = useHarness()
  let at: ReturnType<typeof desk>
  const until = () => new Date(harness.clock.now().getTime() + HOUR).toISOString()
  before(async () => {
    at = desk(harness)
    await at.signs('Ann Lee', { comment: 'For my friends.' })
    await at.signs('Sh1t Head', { comment: 'Write to me@home.example' })
    await at.signs('Leyla Yunus', { comment: 'See evil.com now' })
    await at.signs('Nina Beridze', { comment: 'Иди на хуй' })
    await at.signs('Gia Lomidze', { comment: 'See https://www.example.org/report' })
  })

  it('are in one queue, each with its reason; a word holds, and refuses nobody', async () => {
    const queue = (await at.queue()).map(({ why, text }) => `${why}: ${text}`)
    assert.deepEqual(queue, [
      'review: For my friends.',
      'word: Sh1t Head',
      'address: Write to me@home.example',
      'link: See evil.com now',
      'word: Иди на хуй',
      'link: See https://www.example.org/report',
    ])
    assert.deepEqual(await at.shown(), ['Gia Lomidze', 'Nina Beridze', 'Leyla Yunus', 'Ann Lee'])
    await harness.tally()
    assert.equal(await counted(harness), 5)
    assert.equal((await at.queue('--only', 'name')).length, 1)
  })

  it('are decided on together by their reason: links and addresses never among the others', async () => {
    assert.match((await at.run('approve', DEMO, '--why', 'review')).errors, /--until/)
    const { output } = await at.run('approve', DEMO, '--why', 'review', '--until', until())
    assert.match(
      output,
      /^Shown: 1 comment\.\nTo take it back: undersigned moderation undo cop29-baku 1\n$/,
    )
    const page = await at.page()
    assert.match(page, /For my friends/)
    assert.doesNotMatch(page, /evil\.com|me@home|хуй/)
  })

  it('are hidden in bulk, encrypted, and come back by one undo', async () => {
    const keys = [await at.keyOf('Sh1t Head'), await at.keyOf('See evil.com now')]
    await at.run('approve', DEMO, ...keys)
    const hide = await at.run('hide', DEMO, ...keys, '--reason', 'advertising')
    const [, decision] = /undo cop29-baku (\d+)/.exec(hide.output)!
    assert.doesNotMatch(await at.page(), /Sh1t|evil/)
    const { rows } = await runSql(
      harness.databaseUrl,
      `select * from public_name where state = 'refused'`,
    )
    assert.equal(rows[0]!.name, null)
    assert.ok(!JSON.stringify(rows).includes('Sh1t'))
    assert.deepEqual(
      (await at.queue('--hidden')).map(({ text, why }) => `${text}, ${why}`),
      ['Sh1t Head, advertising', 'See evil.com now, advertising'],
    )
    harness.clock.move(29 * DAY)
    assert.equal(
      (await at.run('undo', DEMO, decision!)).output,
      'As before: 1 name and 1 comment.\n',
    )
    assert.match(await at.page(), /Sh1t Head[\s\S]*evil\.com/)
    assert.match(
      (await at.run('undo', DEMO, decision!)).errors,
      /nothing of cop29-baku stands as decision/,
    )
  })

  it('that were hidden are erased after 30 days; the next name of the signer waits', async () => {
    const { output } = await at.run(
      'hide',
      DEMO,
      await nameKey(harness, 'Sh1t Head'),
      '--reason',
      'insult',
    )
    harness.clock.move(31 * DAY)
    await harness.site.signatures.moderation.eraseHidden()
    assert.match(
      (await at.run('undo', DEMO, /undo cop29-baku (\d+)/.exec(output)![1]!)).errors,
      /older than 30 days/,
    )
    assert.deepEqual(await at.queue('--hidden'), [])
    const { rows } = await runSql(
      harness.databaseUrl,
      `select name, hidden from public_name where state = 'refused'`,
    )
    assert.deepEqual(rows, [{ name: null, hidden: null }])
    const link = await signAndOpenMail(harness, {
      email: 'sh.t.head@example.org',
      name: 'Sheet Head',
      display: 'name',
    })
    assert.equal((await confirm(harness, link, 'replace')).status, 303)
    assert.deepEqual(
      (await at.queue('--only', 'name')).map(({ why, text }) => `${why}: ${text}`),
      ['changed: Sheet Head'],
    )
  })

  it('leave a trace of the decision, and nothing of a signer', async () => {
    const noted = await harness.site.db.selectFrom('action').selectAll().orderBy('id').execute()
    const own = noted.filter(({ what }) => what.startsWith('moderation'))
    assert.deepEqual(
      [...new Set(own.map(({ what }) => what))],
      ['moderation approve', 'moderation hide', 'moderation undo'],
    )
    assert.doesNotMatch(JSON.stringify(own), /Sh1t|evil|[\da-f]{8}-[\da-f]{4}/)
  })

  it('are refused where they are no entry, or are not there', async () => {
    assert.match((await at.run('approve', DEMO, 'x')).errors, /no entry/)
    assert.match((await at.run('approve', DEMO)).errors, /either entries/)
    const gone = await at.run('approve', DEMO, 'name/00000000-0000-4000-8000-000000000000')
    assert.match(gone.errors, /1 of them is not there/)
  })
})

/** Of a name that is shown, which the queue doesn't list. */
async function nameKey(harness: Harness, name: string) {
  const row = await harness.site.db
    .selectFrom('public_name')
    .select('signature_id')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return `name/${row.signature_id}`
}
