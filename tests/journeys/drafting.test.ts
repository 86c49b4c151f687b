import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { addLinkCommands } from '../../src/commands/link.ts'
import { DAY, HOUR, MINUTE } from '../../src/platform/clock.ts'
import { addJob } from '../../src/platform/jobs/add-job.ts'
import { copyDemo, type PetitionFolder, STORY_LANGUAGES } from '../support/demo.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { runCommand, runPetitionCommand } from '../support/run-command.ts'
import { form, get, post, sign } from '../support/signer.ts'

const SLUG = 'clean-river'

describe('a draft', () => {
  let harness: Harness
  let folder: PetitionFolder
  before(async () => {
    harness = await startHarness()
  })
  after(() => harness.close())
  beforeEach(async () => {
    folder = copyDemo()
    await folder.change('petition.yaml', /^slug:.*/m, `slug: ${SLUG}`)
  })
  afterEach(async () => {
    await run('delete', SLUG, '--yes')
    await harness.site.db.deleteFrom('deleted_petition').execute()
  })

  const run = (...args: string[]) => runPetitionCommand(harness.site, ...args)
  async function done(...args: string[]): Promise<string> {
    const { code, output, errors } = await run(...args)
    assert.deepEqual([code, errors], [0, ''], output)
    return output
  }
  const publish = (...more: string[]) => done('publish', folder.path, ...more)
  const previewIn = (output: string) => {
    const [, path] = /^ {2}http:\/\/petitions\.test(\/en\/preview\/\S+)$/m.exec(output)!
    return path!
  }
  const statusOf = async (path: string) => (await get(harness, path)).status
  const logged = async () => {
    const rows = await harness.site.db.selectFrom('log_queue').select('entry').execute()
    return rows.map(({ entry }) => entry.toString()).filter((entry) => entry.includes(SLUG))
  }
  /** To the minute, as people write it. */
  const inHours = (hours: number) =>
    `${new Date(harness.clock.now().getTime() + hours * HOUR).toISOString().slice(0, 16)}Z`
  const runDue = async () => {
    await addJob(harness.site.db, 'publish-due', {})
    await harness.work()
  }

  it('is said to be published once it is public, and to be updated only after that', async () => {
    await publish('--draft')
    await publish('--draft')
    assert.match(await publish('--yes'), /^Published http\S+\/p\/clean-river$/m)
    assert.match(await publish('--yes'), /^Updated http\S+\/p\/clean-river$/m)
  })

  it('is seen by nobody: no address, list, figure or log tells of it', async () => {
    await publish('--draft')
    const { output } = await runCommand(harness.site, addLinkCommands, [
      ...['link', 'create', SLUG, '--name', 'A partner'],
    ])
    const [, code] = /^Code +(\S+)/.exec(output)!
    for (const path of [
      `/p/${SLUG}`,
      ...STORY_LANGUAGES.map((language) => `/${language}/p/${SLUG}`),
      `/en/p/${SLUG}/versions/1`,
      `/en/p/${SLUG}/verify`,
      `/en/p/${SLUG}/privacy`,
      `/en/p/${SLUG}/withdraw`,
      `/en/p/${SLUG}/thanks`,
      `/en/p/${SLUG}/check-your-email`,
      `/s/${code}`,
      `/en/s/${code}`,
      `/api/v1/petitions/${SLUG}`,
      `/api/v1/petitions/${SLUG}/counts`,
      `/api/v1/petitions/${SLUG}/counts.csv`,
      `/api/v1/petitions/${SLUG}/recipients`,
      `/api/v1/petitions/${SLUG}/targets`,
      `/api/v1/petitions/${SLUG}/texts/en/1`,
    ]) {
      assert.equal(await statusOf(path), 404, path)
    }
    assert.equal((await sign(harness, {}, 'en', SLUG)).status, 404)
    for (const path of ['/en/', '/sitemap.xml', '/api/v1/petitions', '/api/docs']) {
      assert.doesNotMatch(await (await get(harness, path)).text(), /clean-river/, path)
    }
    assert.deepEqual(await logged(), [])
    assert.match(await done('list'), /^clean-river\tdraft\t/m)
  })

  it('is read at a secret address as it will be, and nobody signs it there', async () => {
    await folder.change('en.md', /^slogan:.*/m, 'slogan: "Give us back our river"')
    const path = previewIn(await publish('--draft'))
    const answer = await get(harness, path)
    const page = await answer.text()
    assert.equal(answer.status, 200)
    assert.match(page, /Give us back our river/)
    assert.match(page, /This is a preview/)
    assert.doesNotMatch(page, /data-count-url/, 'a draft has no count to ask for')
    assert.match(page, /<form/)
    assert.doesNotMatch(page, new RegExp(`p/${SLUG}/signatures`))
    assert.match(page, /<meta name="robots" content="noindex/)
    assert.equal(answer.headers.get('x-robots-tag'), 'noindex, nofollow')
    assert.match(answer.headers.get('cache-control')!, /no-store/)
    assert.match(page, new RegExp(path.replace('/en/', '/az/')), 'in each language')
    const sent = await post(harness, path, form())
    assert.deepEqual([sent.status, sent.headers.get('location')], [303, path])
    await harness.work()
    assert.equal(harness.mail.mails.length, 0)
    assert.equal(await statusOf(path.replace('/en/', '/xx/')), 404)
    assert.equal(await statusOf(`${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`), 404)
  })

  it('replaces its texts when it is written anew, at the same address', async () => {
    const path = previewIn(await publish('--draft'))
    await folder.change('en.md', /^slogan:.*/m, 'slogan: "Second thoughts"')
    const output = await publish('--draft')
    assert.match(output, /^What changes in clean-river:$/m)
    assert.equal(previewIn(output), path)
    assert.match(await (await get(harness, path)).text(), /Second thoughts/)
    await publish('--yes')
    assert.match(await (await get(harness, `/en/p/${SLUG}`)).text(), /Second thoughts/)
    assert.equal(await statusOf(`/en/p/${SLUG}/versions/2`), 404, 'its first public text')
    assert.equal((await logged()).filter((entry) => entry.startsWith('text/v1')).length, 4)
  })

  it('has a preview that expires, is withdrawn, or is replaced by a new one', async () => {
    const first = previewIn(await publish('--draft'))
    const second = previewIn(await done('preview-link', SLUG, '--days', '2'))
    const gone = await get(harness, first.replace('/en/', '/ru/'))
    assert.equal(gone.status, 410)
    assert.match(await gone.text(), /предварительный просмотр закончился/)
    assert.equal(await statusOf(second), 200)
    harness.clock.move(2 * DAY + 1)
    assert.equal(await statusOf(second), 410)
    const third = previewIn(await done('preview-link', SLUG))
    assert.equal(await statusOf(third), 200)
    await done('preview-link', SLUG, '--withdraw')
    assert.equal(await statusOf(third), 410)
    await publish('--yes')
    const { code, errors } = await run('preview-link', SLUG)
    assert.deepEqual([code, /^clean-river is published/.test(errors)], [1, true])
  })

  it('has its times told in the zone of its organisers, else in the one that was typed', async () => {
    const typed = await publish('--at', '2040-03-01T09:00+01:00')
    assert.match(typed, /by itself at 2040-03-01T09:00:00\+01:00 \(UTC\+1\), if the site runs then/)
    await folder.change('petition.yaml', /^opens:.*/m, 'opens: +0d\nzone: Asia/Baku')
    const own = await publish('--at', '2040-03-01T09:00+01:00')
    assert.match(own, /by itself at 2040-03-01T12:00:00\+04:00 \(Asia\/Baku, UTC\+4\)/)
    assert.match(own, /^Its preview, until \d{4}-\d\d-\d\dT[\d:]+\+04:00 \(Asia\/Baku, UTC\+4\):$/m)
    const past = await run('publish', folder.path, '--at', '2020-03-01T09:00+01:00')
    assert.match(past.errors, /--at 2020-03-01T12:00:00\+04:00 \(Asia\/Baku, UTC\+4\) is past/)
  })

  it('leads from its preview to the page once it is published', async () => {
    const path = previewIn(await publish('--draft'))
    await publish('--yes')
    const answer = await get(harness, path)
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `/en/p/${SLUG}`])
  })

  it('is published by itself at its time, by a worker in its own role, and once', async () => {
    const at = inHours(3)
    await folder.change('petition.yaml', /^opens:.*/m, 'opens: +0d')
    const output = await publish('--at', at, '--yes')
    assert.match(output, /is published by itself at/)
    await runDue()
    assert.equal(await statusOf(`/en/p/${SLUG}`), 404, 'too early')
    assert.match(await done('list'), /^clean-river\tscheduled\t/m)
    harness.clock.move(3 * HOUR + MINUTE)
    await Promise.all([runDue(), harness.site.publishing.publishDue()])
    assert.equal(await statusOf(`/en/p/${SLUG}`), 200)
    assert.equal((await sign(harness, { email: 'first@example.org' }, 'en', SLUG)).status, 303)
    assert.equal((await logged()).length, 5, 'four texts and the recipients, once')
    const { opensAt } = (await harness.site.petitions.find(SLUG))!
    assert.equal(opensAt.getTime(), Date.parse(at), 'days count from then')
    await harness.site.db.deleteFrom('submission').execute()
  })

  it('is put off, taken back to a draft, or published before its time', async () => {
    await publish('--at', inHours(1), '--yes')
    await publish('--at', inHours(5), '--yes')
    harness.clock.move(2 * HOUR)
    await runDue()
    assert.equal(await statusOf(`/en/p/${SLUG}`), 404)
    await publish('--draft')
    harness.clock.move(9 * HOUR)
    await runDue()
    assert.equal(await statusOf(`/en/p/${SLUG}`), 404)
    const past = await run('publish', folder.path, '--at', inHours(-1), '--yes')
    assert.match(past.errors, /is past/)
    const zoneless = await run('publish', folder.path, '--at', '2030-03-01', '--yes')
    assert.match(zoneless.errors, /a day, a time and a zone/)
    await publish('--at', inHours(5), '--yes')
    await publish('--yes')
    assert.equal(await statusOf(`/en/p/${SLUG}`), 200)
    const back = await run('publish', folder.path, '--draft')
    assert.match(back.errors, /^clean-river is public and can't be a draft again/)
  })

  it('leaves nothing behind when it is deleted, and its preview says that it is over', async () => {
    const path = previewIn(await publish('--draft'))
    await done('delete', SLUG, '--yes')
    assert.equal(await statusOf(`/en/p/${SLUG}`), 404)
    assert.equal(await statusOf(path), 410)
  })

  it('under the address of a petition that was deleted changes nothing there until it is published', async () => {
    await publish('--yes')
    await done('delete', SLUG, '--yes')
    await publish('--draft')
    assert.equal(await statusOf(`/en/p/${SLUG}`), 410)
    await publish('--yes')
    assert.equal(await statusOf(`/en/p/${SLUG}`), 200)
  })
})
