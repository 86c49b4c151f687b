import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY } from '../../src/platform/clock.ts'
import { sumOfPublicFile, VERIFIER } from '../../src/platform/web/assets.ts'
import { DEMO, STORY_LANGUAGES } from '../support/demo.ts'
import { startHarness, useHarness } from '../support/harness.ts'
import { readPublicLog } from '../support/public-log.ts'
import { get, signAndConfirm } from '../support/signer.ts'

describe('the page that says how to check the count', () => {
  const harness = useHarness()

  const page = async (language: string) =>
    (await get(harness, `/${language}/p/${DEMO}/verify`)).text()
  const petition = async () => (await get(harness, `/en/p/${DEMO}`)).text()

  it('says so before there is anything to check', async () => {
    assert.match(await page('en'), /has no checkpoint yet/)
    assert.doesNotMatch(await petition(), /certified in the public log<|just arrived</)
  })

  it('shows what is certified, what waits, the key and the commands, in every language', async () => {
    await harness.sequence()
    for (let signer = 0; signer < 3; signer++) {
      harness.clock.move(DAY)
      await signAndConfirm(harness, { email: `signer-${signer}@example.org` })
    }
    await harness.sequence()
    await signAndConfirm(harness, { email: 'late@example.org' })
    const { vkey } = await readPublicLog(harness)
    for (const language of STORY_LANGUAGES) {
      const html = await page(language)
      assert.match(html, /<strong>3<\/strong>/, language)
      assert.ok(html.includes(`<code>${vkey}</code>`), language)
      assert.ok(html.includes('node undersigned-verify.mjs http://petitions.test'), language)
      assert.ok(html.includes('npm run undersigned -- verify http://petitions.test'), language)
      assert.ok(html.includes(`<code>${sumOfPublicFile(VERIFIER)}</code>`), language)
      assert.doesNotMatch(html, /1 (MB|МБ)/, 'of eight entries')
      assert.match(html, /[( ]1\s(kB|кБ|КБ)\)/, language)
      assert.match(html, /<polyline class="growth-line" points="[\d., ]+"\/>/, language)
    }
    assert.match(await page('en'), /1 more just arrived and is not in the log yet/)
    assert.match(await petition(), />3 certified in the public log, 1 more just arrived</)
    await harness.sequence()
    assert.match(await petition(), />4 certified in the public log</)
  })

  it('says one signature as one, two as two and five as five, in every language', async () => {
    const few = await startHarness()
    const forms: Record<string, string[]> = {
      en: ['1 signature certified', '2 signatures certified', '5 signatures certified'],
      az: ['1 imza', '2 imza', '5 imza'],
      ru: ['1 подпись заверена', '2 подписи заверены', '5 подписей заверено'],
      be: ['1 подпіс завераны', '2 подпісы завераны', '5 подпісаў заверана'],
    }
    let signed = 0
    for (const [place, count] of [1, 2, 5].entries()) {
      for (; signed < count; signed++) {
        await signAndConfirm(few, { email: `one-of-few-${signed}@example.org` })
      }
      await few.sequence()
      for (const [language, said] of Object.entries(forms)) {
        const html = await (await get(few, `/${language}/p/${DEMO}/verify`)).text()
        const text = html.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ')
        assert.ok(text.includes(said[place]!), `${language}: ${said[place]}`)
      }
    }
    await few.close()
  })

  it('does not hand out the verifier that it is to be checked with', async () => {
    for (const path of [`/${VERIFIER}`, `/assets/${VERIFIER}`]) {
      assert.equal((await get(harness, path)).status, 404, path)
    }
    assert.match(await page('en'), /The script that does this comes from this same site\./)
  })

  it('is linked from the petition, and the same for everyone', async () => {
    assert.ok((await petition()).includes(`href="/en/p/${DEMO}/verify"`))
    const answer = await get(harness, `/en/p/${DEMO}/verify`)
    assert.match(answer.headers.get('cache-control')!, /^public, max-age=1/)
  })
})
