import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addLinkCommands } from '../../src/commands/link.ts'
import { DAY, HOUR } from '../../src/platform/clock.ts'
import { copyDemo, DEMO, STORY_LANGUAGES } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { runCommand, runPetitionCommand } from '../support/run-command.ts'
import {
  confirm,
  counted,
  get,
  openWithdrawalMail,
  post,
  sign,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'

// Over 250 lines: one petition goes through all of its stages, and what each shows at every address is told in order.

describe('the stages of a petition', () => {
  const harness = useFreshHarness()
  const run = (...args: string[]) => runPetitionCommand(harness.site, ...args)
  async function done(...args: string[]): Promise<string> {
    const { code, output, errors } = await run(...args)
    assert.deepEqual([code, errors], [0, ''], output)
    return output
  }
  const refused = async (...args: string[]) => {
    const { code, errors } = await run(...args)
    assert.equal(code, 1, args.join(' '))
    assert.doesNotMatch(errors, /\n/)
    return errors
  }
  const statusOf = async (path: string) => (await get(harness, path)).status
  const textOf = async (path: string) => (await get(harness, path)).text()
  const stage = async () => {
    const { status, stage, hidden, title, delivery } = JSON.parse(
      await textOf(`/api/v1/petitions/${DEMO}`),
    )
    return { status, stage, hidden, title, delivery }
  }

  it('paused: no form is taken, the page says why in its language, and mails under way confirm', async () => {
    const link = await signAndOpenMail(harness, { email: 'before@example.org' })
    await done('pause', DEMO, '--reason', 'flood')
    assert.match(await textOf(`/en/p/${DEMO}`), /An unusual number of forms has arrived/)
    assert.match(await textOf(`/ru/p/${DEMO}`), /необычно много форм/)
    assert.match(await textOf(`/az/p/${DEMO}`), /Qeyri-adi sayda forma/)
    assert.match(await textOf(`/be/p/${DEMO}`), /незвычайна шмат формаў/)
    assert.doesNotMatch(await textOf(`/en/p/${DEMO}`), /<form[^>]*signatures/)
    const answer = await sign(harness, { name: 'Sevda Quliyeva', email: 'late@example.org' })
    const page = await answer.text()
    assert.equal(answer.status, 403)
    assert.match(page, /Signing is paused/)
    assert.match(page, /value="Sevda Quliyeva"/, 'what was typed stays')
    await harness.work()
    assert.equal(harness.mail.mails.length, 1)
    assert.equal((await confirm(harness, link)).status, 303)
    await harness.tally()
    assert.equal(await counted(harness), 1)
    const { status, stage: now } = await stage()
    assert.deepEqual([status, now], ['open', 'paused'])
    assert.match(await textOf('/en/'), new RegExp(`/en/p/${DEMO}`))

    await done('resume', DEMO)
    assert.equal((await sign(harness, { email: 'late@example.org' })).status, 303)
    assert.match(await refused('resume', DEMO), /is not paused/)
  })

  it('paused in the organisers’ own words, in each of its languages or not at all', async () => {
    const say = STORY_LANGUAGES.flatMap((language) => [
      '--say',
      `${language}=Words <in> ${language}`,
    ])
    assert.match(await refused('pause', DEMO, '--say', 'en=Only here'), /missing in az, ru, be/)
    assert.match(await refused('pause', DEMO, ...say, '--say', 'de=Auch'), /is not in de/)
    await done('pause', DEMO, ...say)
    assert.match(await textOf(`/az/p/${DEMO}`), /Words &lt;in&gt; az/)
    await done('close', DEMO)
    assert.match(await textOf(`/en/p/${DEMO}`), /This petition is closed/)
    assert.match(await refused('pause', DEMO), /is closed: there is nothing to pause/)
    await done('reopen', DEMO)
    assert.equal((await stage()).stage, 'paused', 'reopened, but still paused')
  })

  it('hidden: every link says so, nothing is taken, and signers can leave', async () => {
    await signAndConfirm(harness, { email: 'signed@example.org' })
    const pending = await signAndOpenMail(harness, { email: 'pending@example.org' })
    const { output } = await runCommand(harness.site, addLinkCommands, [
      ...['link', 'create', DEMO, '--name', 'A partner'],
    ])
    const [, code] = /^Code +(\S+)/.exec(output)!
    const { title } = await stage()
    await done('hide', DEMO)
    const says = {
      en: /This petition is not shown at the moment/,
      az: /Bu petisiya hazırda göstərilmir/,
      ru: /Эта петиция сейчас не показывается/,
      be: /Гэтая петыцыя цяпер не паказваецца/,
    }
    for (const [language, words] of Object.entries(says)) {
      const answer = await get(harness, `/${language}/p/${DEMO}`)
      const page = await answer.text()
      assert.equal(answer.status, 410)
      assert.match(page, words)
      assert.match(page, new RegExp(`href="/${language}/p/${DEMO}/withdraw"`))
      assert.ok(!page.includes(title))
      assert.match(answer.headers.get('cache-control')!, /no-store/)
    }
    for (const path of [
      `/p/${DEMO}`,
      `/en/p/${DEMO}/versions/1`,
      `/en/p/${DEMO}/thanks`,
      `/en/p/${DEMO}/check-your-email`,
      `/api/v1/petitions/${DEMO}/texts/en/1`,
    ]) {
      assert.equal(await statusOf(path), 410, path)
    }
    // Its own redirect first, as for every link that was shared.
    const shared = await fetch(`${harness.origin}/s/${code}`)
    assert.equal(shared.status, 410)
    assert.equal((await sign(harness, { email: 'late@example.org' })).status, 410)
    for (const list of ['/en/', '/sitemap.xml']) assert.doesNotMatch(await textOf(list), /p\/cop29/)

    // What stays: leaving, what is stored, the count and how to check it; without its texts.
    for (const path of ['withdraw', 'privacy', 'verify']) {
      const page = await textOf(`/en/p/${DEMO}/${path}`)
      assert.ok(!page.includes(title), path)
      assert.equal(await statusOf(`/en/p/${DEMO}/${path}`), 200, path)
    }
    assert.deepEqual(await stage(), {
      status: 'open',
      stage: 'open',
      hidden: true,
      title: DEMO,
      delivery: null,
    })
    assert.equal(await statusOf(`/api/v1/petitions/${DEMO}/counts.csv`), 200)
    assert.match(await textOf('/api/v1/petitions'), /cop29-baku/)

    // A link to confirm waits; to say no is always possible.
    const confirming = await get(harness, pending)
    assert.equal(confirming.status, 410)
    assert.match(await confirming.text(), /no signature under it can be confirmed/)
    assert.equal((await confirm(harness, pending)).status, 410)
    const leave = await openWithdrawalMail(harness, 'signed@example.org')
    assert.equal((await post(harness, leave, {})).status, 303)
    assert.match(await refused('archive', DEMO, '--yes'), /is open, or closed for less/)

    await done('show', DEMO)
    assert.equal((await confirm(harness, pending)).status, 303)
    assert.equal(await statusOf(`/en/p/${DEMO}`), 200)
    await harness.tally()
    assert.equal(await counted(harness), 1)
    assert.match(await refused('show', DEMO), /is not hidden/)
  })

  it('delivered and answered: the page says when and to whom, the API too, and it stays closed', async () => {
    const to = STORY_LANGUAGES.flatMap((language) => ['--to', `${language}=Council (${language})`])
    const deliver = (on: string, ...more: string[]) => run('delivered', DEMO, '--on', on, ...more)
    assert.match((await deliver('2024-02-29', ...to)).errors, /still takes signatures/)
    await done('close', DEMO)
    harness.clock.move(2 * DAY)
    assert.match((await deliver('2024-02-30', ...to)).errors, /takes a day such as/)
    assert.match((await deliver('2024-05-01', ...to)).errors, /still to come/)
    assert.match((await deliver('2024-03-02', '--to', 'en=Council')).errors, /missing in az/)
    assert.match(await refused('answered', DEMO, '--on', '2024-03-02'), /not marked as delivered/)
    assert.equal((await deliver('2024-03-02', ...to)).code, 0)
    const page = await textOf(`/en/p/${DEMO}`)
    assert.match(page, /The signatures have been delivered/)
    assert.match(
      page,
      /delivered on 2\u00a0?\s?March 2024\. To: Council \(en\)\.\s+An answer is awaited/,
    )
    assert.match(await textOf(`/be/p/${DEMO}`), /, каму: Council \(be\)\./)
    assert.deepEqual(await stage().then(({ status, stage }) => [status, stage]), [
      'closed',
      'delivered',
    ])
    assert.match(await refused('reopen', DEMO), /marked as delivered/)
    assert.equal((await sign(harness)).status, 410)

    assert.match(
      await refused('answered', DEMO, '--on', '2024-03-01'),
      /delivered on 2024-03-02, after 2024-03-01/,
    )
    const javascript = ['--on', '2024-03-03', '--url', 'javascript:alert(1)']
    assert.match(await refused('answered', DEMO, ...javascript), /https/)
    await done('answered', DEMO, '--on', '2024-03-03', '--url', 'https://council.example/answer')
    const answered = await textOf(`/en/p/${DEMO}`)
    assert.match(answered, /The petition has been answered/)
    assert.match(answered, /href="https:\/\/council\.example\/answer"/)
    const { stage: now, delivery } = await stage()
    assert.equal(now, 'answered')
    assert.deepEqual(delivery.answered, { on: '2024-03-03', url: 'https://council.example/answer' })
    assert.match(await textOf('/en/'), new RegExp(`/en/p/${DEMO}`), 'among the closed ones')

    assert.match(await refused('delivered', DEMO, '--undo'), /take that mark back first/)
    await done('answered', DEMO, '--undo')
    await done('delivered', DEMO, '--undo')
    assert.equal((await stage()).stage, 'closed')
    await done('reopen', DEMO)
  })

  it('closed: the page says so, and mailed links confirm for a day', async () => {
    const link = await signAndOpenMail(harness)
    await done('close', DEMO)
    assert.deepEqual(await stage().then(({ status, stage }) => [status, stage]), [
      'closed',
      'closed',
    ])
    harness.clock.move(23 * HOUR)
    assert.equal(await statusOf(link), 200)
    harness.clock.move(2 * HOUR)
    assert.equal(await statusOf(link), 410)
    assert.equal(await statusOf(`/en/p/${DEMO}`), 200)
  })

  it('deleted, before anybody signed: every link that was given out says so', async () => {
    const { output } = await runCommand(harness.site, addLinkCommands, [
      ...['link', 'create', DEMO, '--name', 'A partner'],
    ])
    const [, code] = /^Code +(\S+)/.exec(output)!
    const [ownPage] = /\/en\/link\/\S+/.exec(output)!
    assert.equal(await statusOf(ownPage), 200)
    await done('delete', DEMO, '--yes')
    const says = {
      en: /This petition was deleted/,
      az: /Bu petisiya silinib/,
      ru: /Эта петиция удалена/,
      be: /Гэтая петыцыя выдалена/,
    }
    const inside = (path: string) => `p/${DEMO}/${path}`
    for (const [language, words] of Object.entries(says)) {
      for (const path of [
        `p/${DEMO}`,
        ...['verify', 'withdraw', 'privacy', 'thanks', 'check-your-email', 'replaced'].map(inside),
        ...['names', 'comments', 'partners', 'answers', 'write', 'updates'].map(inside),
        ...['updates/first-letters', 'versions/1', 'poster.pdf', 'report/name/AAAA'].map(inside),
        ownPage.slice('/en/'.length),
        `s/${code}`,
      ]) {
        const answer = await get(harness, `/${language}/${path}`)
        assert.equal(answer.status, 410, path)
        assert.match(await answer.text(), words)
      }
    }
    for (const path of [
      `/p/${DEMO}`,
      ...['card.png', 'badge.svg', 'qr.svg', 'qr.png', 'feed.xml'].map(
        (file) => `/p/${DEMO}/${file}`,
      ),
      `/p/${DEMO}/updates/first-letters`,
      `/embed/${DEMO}`,
      `/s/${code}`,
    ]) {
      assert.equal(await statusOf(path), 410, path)
    }
    const api = await get(harness, `/api/v1/petitions/${DEMO}`)
    assert.equal(api.status, 410)
    assert.deepEqual(Object.keys((await api.json()) as object), ['statusCode', 'error', 'message'])
    assert.equal((await sign(harness)).status, 410)
    assert.equal(await statusOf('/en/p/never-there'), 404)
    assert.equal(await statusOf('/s/23456789'), 404)

    const folder = copyDemo()
    await done('publish', folder.path, '--yes')
    assert.equal(await statusOf(`/en/p/${DEMO}`), 200, 'published anew, it is there again')
  })

  it('each change leaves a trace, with what was before and after', async () => {
    await done('pause', DEMO, '--reason', 'text')
    await done('resume', DEMO)
    await done('hide', DEMO)
    await done('show', DEMO)
    const pages = []
    for await (const page of harness.site.actions.list({ slug: DEMO })) pages.push(...page)
    const [shown, hidden, resumed, paused] = pages
    assert.deepEqual(
      [paused, resumed, hidden, shown].map((each) => each!.what),
      ['petition pause', 'petition resume', 'petition hide', 'petition show'],
    )
    assert.equal((paused!.after as { reason: string }).reason, 'text')
    assert.deepEqual(resumed!.before, paused!.after)
    assert.deepEqual(shown!.before, hidden!.after)
  })
})
