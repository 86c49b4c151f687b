import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { copyDemo } from '../support/demo.ts'
import { type Harness, useHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'

describe('whom to turn to', () => {
  const named = useHarness({
    OPERATOR: 'Verein “Offene Flüsse” & Söhne, Hauptstraße 1, Wien',
    CONTACT: 'site@rivers.example',
  })
  const unnamed = useHarness()
  const folder = copyDemo()

  async function publishWith(harness: Harness, contact: string) {
    await folder.change('petition.yaml', /^(contact:.*\n)?accent:/m, `contact: ${contact}\naccent:`)
    await harness.site.publishing.publish(folder.path, { by: TESTER, agree: agreed })
  }
  const privacy = async (harness: Harness, language = 'en') =>
    (await get(harness, `/${language}/p/cop29-baku/privacy`)).text()

  it('is said on the page about privacy, in the organisers’ words or by a link', async () => {
    assert.match(await privacy(unnamed), /The organisers have not named a contact yet\./)
    await publishWith(unnamed, 'us@river.example')
    assert.match(
      await privacy(unnamed),
      /<a href="mailto:us@river\.example"[^>]*>us@river\.example</,
    )
    await publishWith(unnamed, 'https://river.example/contact?a=1')
    const page = await privacy(unnamed, 'ru')
    assert.match(page, /К\u00a0кому обратиться/)
    assert.match(page, /<a href="https:\/\/river\.example\/contact\?a(=|&#x3D;)1"/)
    assert.doesNotMatch(page, /not named a contact/)
  })

  it('falls back to the site’s operator, and names both', async () => {
    assert.match(
      await privacy(named),
      /contact its operators: <a href="mailto:site@rivers\.example"/,
    )
    assert.doesNotMatch(await privacy(named), /not named a contact/)
    await publishWith(named, 'us@river.example')
    assert.match(await privacy(named), /us@river\.example[\s\S]*site@rivers\.example/)
  })

  it('has a page of its own, linked from every page, where somebody is named', async () => {
    for (const [language, heading] of [
      ['en', 'Who runs this site'],
      ['az', 'Bu saytı kim idarə edir'],
      ['ru', 'Кто ведёт этот сайт'],
      ['be', 'Хто вядзе гэты сайт'],
    ] as const) {
      const petition = await (await get(named, `/${language}/p/cop29-baku`)).text()
      assert.ok(petition.includes(`<a href="/${language}/imprint">${heading}</a>`), language)
      const answer = await get(named, `/${language}/imprint`)
      assert.equal(answer.status, 200)
      const page = await answer.text()
      assert.match(page, /Verein “Offene Flüsse” &amp; Söhne, Hauptstraße 1, Wien/)
      assert.match(page, /mailto:site@rivers\.example/)
    }
    assert.equal((await get(unnamed, '/en/imprint')).status, 404)
    assert.doesNotMatch(await (await get(unnamed, '/en/')).text(), /imprint/)
  })

  it('is refused in a petition where nobody could be reached by it', async () => {
    for (const contact of ['ask us', 'mail@', 'javascript:alert(1)', 'a@b', '"x y@z.example"']) {
      await assert.rejects(
        publishWith(named, contact),
        /petition\.yaml, line \d+: contact takes an e-mail/,
      )
    }
  })
})
