import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { digestOf } from '../../src/signature/form/sign-form.ts'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { confirm, form, get, post, signAndOpenMail } from '../support/signer.ts'

const SITE = 'http://petitions.test'

/** As the site sees them. */
const elsewhere = {
  'a translating proxy': { origin: 'https://petitions-test.translate.goog' },
  'a proxy whose browser tells of it': { 'sec-fetch-site': 'cross-site' },
  'a web view inside an app': { origin: 'null' },
  'another name of the same host': {
    'sec-fetch-site': 'same-site',
    origin: 'http://m.petitions.test',
  },
}

describe('a form that comes by way of', () => {
  const harness = useHarness()

  const typed = form({
    name: 'Nino <Beridze>',
    email: 'nino@example.org',
    country: 'GE',
    comment: 'One\ntwo',
    display: 'name',
  })
  const submissions = () => harness.site.db.selectFrom('submission').select('id').execute()

  for (const [what, headers] of Object.entries(elsewhere)) {
    it(`${what} is not taken, keeps what was typed, and leads to the page itself`, async () => {
      const answer = await post(harness, `/ru/p/${DEMO}/signatures`, typed, headers)
      assert.equal(answer.status, 403)
      const policy = answer.headers.get('content-security-policy')!
      assert.match(policy, new RegExp(`form-action 'self' ${SITE};`))
      const html = await answer.text()
      assert.match(html, /<h1>Откройте эту страницу на\sсамом сайте<\/h1>/)
      const itself = `${SITE}/ru/p/${DEMO}`
      assert.ok(html.includes(`<a href="${itself}" target="_top">${itself}</a>`))
      assert.match(html, /value="Nino &lt;Beridze&gt;"/)
      assert.match(html, />\nOne\ntwo<\/textarea>/)
      assert.deepEqual(await submissions(), [])

      // Its button goes to the site itself, from there.
      assert.ok(html.includes(`method="post" action="${itself}"`))
      const there = await post(harness, `/ru/p/${DEMO}`, typed, headers)
      assert.equal(there.status, 200)
      const page = await there.text()
      assert.match(page, /value="nino@example.org"/)
      assert.match(page, new RegExp(`action="/ru/p/${DEMO}/signatures"`))
      assert.deepEqual(await submissions(), [])
    })

    it(`${what} ticks no box, chooses nothing and answers nothing in the reader’s place`, async () => {
      const chosen = {
        ...form({ email: 'nino@gmial.com', name: 'Nino Beridze' }),
        ...{ consent: 'yes', updates: 'yes', textVersion: '77', asked: digestOf('nino@gmial.com') },
      }
      for (const display of ['name', 'initials']) {
        for (const path of [`/en/p/${DEMO}`, `/en/p/${DEMO}/signatures`]) {
          const answer = await post(harness, path, { ...chosen, display }, headers)
          const html = await answer.text()
          assert.match(html, /value="nino@gmial.com"/)
          const ticked = [...html.matchAll(/<input type="(?:checkbox|radio)"[^>]* checked[^>]*>/g)]
          assert.equal(ticked.length, 1, `${path}: ${ticked.join(' ')}`)
          assert.match(ticked[0]![0], /name="display" value="hidden"/)
          assert.doesNotMatch(html, /name="asked"/)
          assert.match(html, /name="textVersion" value="1"/)
        }
        const own = { 'sec-fetch-site': 'same-origin', origin: SITE }
        const kept = await post(harness, `/en/p/${DEMO}`, { ...chosen, display }, own)
        const ticked = (await kept.text()).match(/ checked/g)
        assert.equal(ticked?.length, 3, 'consent, updates and the name’s display')
      }
    })

    it(`${what} for a link to withdraw likewise`, async () => {
      const path = `/en/p/${DEMO}/withdraw`
      const answer = await post(harness, path, { email: 'nino@example.org' }, headers)
      assert.equal(answer.status, 403)
      const html = await answer.text()
      assert.match(html, /<h1>Open this page on the site itself<\/h1>/)
      assert.ok(html.includes(`action="${SITE}${path}"`))
      assert.match(html, /value="nino@example.org"/)
      const sent = /<button class="button" type="submit" name="(\w+)" value="(\w+)"/.exec(html)!
      const fields = { email: 'nino@example.org', [sent[1]!]: sent[2]! }
      const there = await post(harness, path, fields, headers)
      assert.equal(there.status, 200)
      assert.match(
        await there.text(),
        new RegExp(`action="${path}"[\\s\\S]*value="nino@example.org"`),
      )
      const jobs = await harness.site.db.selectFrom('mail_count').selectAll().execute()
      assert.deepEqual(jobs, [])
    })
  }

  it('the site itself is taken as ever, and one without a petition is 404', async () => {
    const own = { 'sec-fetch-site': 'same-origin', origin: SITE }
    assert.equal((await post(harness, `/ru/p/${DEMO}/signatures`, typed, own)).status, 303)
    const lost = await post(
      harness,
      '/ru/p/none/signatures',
      typed,
      elsewhere['a web view inside an app'],
    )
    assert.equal(lost.status, 404)
  })

  it('a confirmation from elsewhere changes nothing and links its own page', async () => {
    const link = await signAndOpenMail(harness, { email: 'confirms@example.org' })
    const answer = await post(harness, link, { decision: 'confirm' }, { origin: 'null' })
    assert.equal(answer.status, 403)
    assert.ok((await answer.text()).includes(`<a href="${SITE}${link}" target="_top">`))
    assert.match(await (await get(harness, link)).text(), /Confirm your signature/)
    assert.equal((await confirm(harness, link)).status, 303)
  })
})
