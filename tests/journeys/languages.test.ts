import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { form, get, post, signAndConfirm } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'

/** A messenger that makes a preview says nothing of languages, or says its own. */
const MESSENGERS = [{}, { 'accept-language': 'en-US,en;q=0.9' }, { 'accept-language': '*' }]

describe('a link that is shared', () => {
  const harness = useHarness()

  const sharedIn = async (path: string) => {
    const html = (await (await get(harness, path)).text()).replaceAll('&#x3D;', '=')
    const [, url] = /id="share-link"[^>]* value="([^"]+)"/.exec(html)!
    return new URL(url!)
  }

  it('previews in the language of who shared it, and credits them', async () => {
    for (const language of ['az', 'be', 'ru', 'en']) {
      const email = `sharer.${language}@example.org`
      const thanks = await signAndConfirm(harness, { email }, language)
      const code = new URL(thanks, harness.origin).searchParams.get('s')!
      const { pathname } = await sharedIn(thanks)
      assert.equal(pathname, `/${language}/s/${code}`)
      for (const headers of MESSENGERS) {
        const answer = await get(harness, `${pathname}?source=telegram`, headers)
        assert.equal(answer.status, 302)
        const to = answer.headers.get('location')!
        assert.equal(to, `/${language}/p/${DEMO}?ref=${code}&source=telegram`)
        assert.match(await (await get(harness, to)).text(), new RegExp(`<html lang="${language}"`))
      }
    }
  })

  it('is in the language of the page, too, where nobody is credited', async () => {
    const { pathname } = await sharedIn(`/az/p/${DEMO}/thanks`)
    assert.equal(pathname, `/az/p/${DEMO}`)
  })

  it('without a language, as it was shared before, is in the reader’s', async () => {
    const thanks = await signAndConfirm(harness, { email: 'earlier@example.org' })
    const code = new URL(thanks, harness.origin).searchParams.get('s')!
    for (const [accepted, language] of [
      ['az', 'az'],
      ['uk-UA,uk;q=0.9', 'en'],
      ['kk', 'en'],
      ['uk, ru;q=0.5', 'ru'],
    ] as const) {
      const answer = await get(harness, `/s/${code}`, { 'accept-language': accepted })
      assert.equal(answer.headers.get('location'), `/${language}/p/${DEMO}?ref=${code}`)
      assert.equal(answer.headers.get('vary'), 'accept-language')
    }
  })

  it('that this site never made is 404 in every language', async () => {
    for (const path of ['/az/s/aaaaaaaaaaaaaaaa', '/xx/s/aaaaaaaa', '//s/aaaaaaaa', '/az/s/']) {
      assert.equal((await get(harness, path)).status, 404, path)
    }
  })
})

describe('a language that a petition was offered in', () => {
  const harness = useHarness()
  let code: string
  before(async () => {
    const thanks = await signAndConfirm(harness, { email: 'before@example.org' }, 'az')
    code = new URL(thanks, harness.origin).searchParams.get('s')!
    await runSql(
      harness.databaseUrl,
      `update petition set settings = jsonb_set(settings, '{languages}', '["be", "en"]')`,
    )
  })

  it('leads its old links to the default language, with a note and who is credited', async () => {
    const answer = await get(harness, `/az/p/${DEMO}?ref=${code}`)
    assert.equal(answer.status, 302)
    const to = answer.headers.get('location')!
    assert.equal(to, `/be/p/${DEMO}?ref=${code}&was=az`)
    const html = await (await get(harness, to)).text()
    assert.match(html, /На\sмове вашай спасылкі петыцыя больш не\sпублікуецца/)
    assert.match(html, new RegExp(`name="ref" value="${code}"`))
    assert.match(html, new RegExp(`href="/az/p/${DEMO}/versions/1"`))
    assert.doesNotMatch(html, /hreflang="az" href="[^"]*\/az\/p\//)
    const shared = await get(harness, `/az/s/${code}`)
    assert.equal(shared.headers.get('location'), `/az/p/${DEMO}?ref=${code}`)
  })

  it('has a note for no other language, and for nobody who came by another link', async () => {
    for (const query of ['', '?was=be', '?was=fr', '?was=constructor', '?was[]=az', '?was=']) {
      const html = await (await get(harness, `/be/p/${DEMO}${query}`)).text()
      assert.doesNotMatch(html, /больш не\sпублікуецца/, query)
    }
    assert.equal((await get(harness, `/xx/p/${DEMO}`)).status, 404)
  })

  it('leads each page of the petition to the same one', async () => {
    for (const page of ['verify', 'privacy', 'withdraw', 'check-your-email', 'replaced']) {
      const answer = await get(harness, `/az/p/${DEMO}/${page}`)
      assert.equal(answer.headers.get('location'), `/be/p/${DEMO}/${page}`)
    }
    const thanks = await get(harness, `/ru/p/${DEMO}/thanks?s=${code}`)
    assert.equal(thanks.headers.get('location'), `/be/p/${DEMO}/thanks?s=${code}`)
  })

  it('keeps its old texts', async () => {
    const answer = await get(harness, `/az/p/${DEMO}/versions/1`)
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /<html lang="az"/)
    assert.equal((await get(harness, `/az/p/${DEMO}/versions/2`)).status, 404)
  })

  it('takes a form that was open, and shows a wrong one in the default language', async () => {
    const path = `/az/p/${DEMO}/signatures`
    const sent = await post(harness, path, form({ email: 'late@example.org', textVersion: '1' }))
    assert.equal(sent.headers.get('location'), `/az/p/${DEMO}/check-your-email`)
    const wrong = await post(harness, path, form({ email: 'late@', name: 'Leyla Yunus' }))
    assert.equal(wrong.status, 422)
    const html = await wrong.text()
    assert.match(html, /<html lang="be"/)
    assert.match(html, /value="Leyla Yunus"/)
  })
})
