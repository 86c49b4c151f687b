import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { buildApp } from '../../src/app.ts'
import { languages, translator } from '../../src/platform/i18n/translate.ts'
import { createSite } from '../../src/site.ts'
import { STORY_LANGUAGES } from '../support/demo.ts'
import { type Harness, startHarness, useHarness } from '../support/harness.ts'
import { confirm, get, signAndConfirm, signAndOpenMail, withdraw } from '../support/signer.ts'

const PAGE = 'p/cop29-baku'

/** What a reader without JavaScript sees of the count. */
function shownCount(html: string): { first: boolean; counted: number; line: number } {
  return {
    first: html.includes('data-count-first'),
    counted: Number(/data-count-text>([\d,.\s]*)</.exec(html)?.[1]),
    line: Number(/<progress[^>]* value="(\d+)"/.exec(html)?.[1]),
  }
}

/** A process beside the one that took the confirmation, with the same database and keys. */
async function fromAnotherProcess(harness: Harness, path: string): Promise<string> {
  const app = await buildApp(createSite(harness.site, { keep: false }))
  try {
    return (await app.inject(path)).body
  } finally {
    await app.close()
  }
}

for (const figures of ['live', 'guarded'] as const) {
  describe(`the thanks page of a petition with ${figures} figures`, () => {
    let harness: Harness
    before(async () => {
      harness = await startHarness({ LOG_MIN_BATCH: '5' }, { figures })
    })
    after(() => harness.close())

    /** Confirms and counts nothing: the counting job and the log come later. */
    async function confirmOnly(email: string, language = 'en'): Promise<string> {
      const answer = await confirm(harness, await signAndOpenMail(harness, { email }, language))
      return answer.headers.get('location')!
    }

    it('counts the first signer before any counting job ran, whichever process answers', async () => {
      const thanks = await confirmOnly('first@example.org')
      const own = { first: false, counted: 1, line: 1 }
      const html = await (await get(harness, thanks)).text()
      assert.match(html, /<h1>Your signature counts<\/h1>/)
      assert.deepEqual(shownCount(html), own)
      assert.deepEqual(shownCount(await fromAnotherProcess(harness, thanks)), own)
      await harness.tally()
      assert.deepEqual(shownCount(await fromAnotherProcess(harness, thanks)), own)
    })

    it('never asks a signer to be the first, in any language nor by a link without the number', async () => {
      for (const language of STORY_LANGUAGES) {
        const thanks = await confirmOnly(`signer.${language}@example.org`, language)
        const code = new URL(thanks, 'http://x').searchParams.get('s')
        for (const path of [thanks, `/${language}/${PAGE}/thanks?s=${code}`]) {
          const html = await (await get(harness, path)).text()
          assert.equal(shownCount(html).first, false, path)
          assert.ok(shownCount(html).counted >= 1, path)
        }
        for (const other of STORY_LANGUAGES) {
          const html = await (await get(harness, thanks)).text()
          const href = new RegExp(`href="(/${other}/${PAGE}/thanks[^"]*)"`).exec(html)![1]!
          const turned = await (
            await get(harness, href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='))
          ).text()
          assert.equal(shownCount(turned).first, false, href)
        }
      }
    })

    it('shows at most one more than the public figure to who writes the number by hand', async () => {
      const thanks = await confirmOnly('forger@example.org')
      await harness.tally()
      const page = await (await get(harness, `/en/${PAGE}`)).text()
      const counted = Number(/data-counted="(\d+)"/.exec(page)![1])
      const code = new URL(thanks, 'http://x').searchParams.get('s')
      for (const n of ['999999', '-5', '1e9', '0x10', '٣', '', '9'.repeat(40)]) {
        const forged = `/en/${PAGE}/thanks?s=${code}&n=${encodeURIComponent(n)}`
        const seen = shownCount(await (await get(harness, forged)).text()).counted
        assert.ok(seen >= Math.max(counted, 1) && seen <= counted + 1, `${n}: ${seen}`)
      }
    })

    it('thanks nobody who comes without a signer’s code, or has withdrawn', async () => {
      for (const query of ['', '?s=aaaaaaaaaaaaaaaa', '?n=7']) {
        const html = await (await get(harness, `/en/${PAGE}/thanks${query}`)).text()
        assert.doesNotMatch(html, /Your signature counts|Your receipt/, query)
        assert.match(html, /Share this petition/)
      }
      const email = 'leaves@example.org'
      const link = await signAndOpenMail(harness, { email })
      await confirm(harness, link)
      const own = (await get(harness, link)).headers.get('location')!
      assert.match(await (await get(harness, own)).text(), /\/thanks\?s&#x3D;/)
      await withdraw(harness, email)
      assert.match(await (await get(harness, own)).text(), /href="\/en\/p\/cop29-baku\/thanks"/)
    })
  })
}

describe('a guarded petition that shows no signature yet', () => {
  const harness = useHarness({ LOG_MIN_BATCH: '5' }, { figures: 'guarded' })

  it('does not claim that nobody has signed', async () => {
    await signAndConfirm(harness, { email: 'unseen@example.org' })
    for (const language of STORY_LANGUAGES) {
      const t = translator(language)
      const html = await (await get(harness, `/${language}/${PAGE}`)).text()
      assert.ok(html.includes(t('count.firstGuarded')), language)
      assert.ok(!html.includes(t('count.first')), language)
    }
  })
})

describe('what is said before a button is pressed', () => {
  /** How each language says that something is still to come, or depends on the press. */
  const TO_COME: Record<string, RegExp> = {
    en: /\b(will|once you (open|press|confirm))\b/i,
    az: /(acaq|əcək)/,
    ru: /(будет|будут|когда вы нажмёте)/,
    be: /(будзе|будуць|калі вы націснеце)/,
    uk: /(буде|будуть|ться|мете|якщо ви|коли ви|щойно ви)/,
    pl: /(zostan|będzie|przestanie|wyślemy|naciśnięciu|potwierdz|otrzym)/,
    de: /(wird|werden|dann|sobald|erst wenn|schicken wir)/i,
    fr: /(\p{L}(ra|rons|ront|rez)(?!\p{L})|une fois|lorsque|dès que)/iu,
    es: /(\p{L}(rá|rán|remos|rás)(?!\p{L})|cuando|en cuanto)/u,
    tr: /(acak|ecek|acağ|eceğ|\p{L}[ıiuü]r(?!\p{L})|sayılmaz)/u,
    ka: /(ითვლება|იშლება|გიგზავნით|დარჩება|ჩაანაცვლებს)/,
    fa: /(می‌شود|خواهد|می‌فرستیم|وقتی|هنگامی|پس از|می‌ماند)/,
  }
  const BEFORE_A_BUTTON = [
    'form.next',
    'confirm.submitHelp',
    'confirm.rejectHelp',
    'alreadySigned.replaceHelp',
    'alreadySigned.keepHelp',
    'withdraw.text',
    'unsubscribe.text',
    'askWithdrawal.text',
    'mail.confirm.what',
    'mail.withdraw.what',
  ]
  it('is what will happen, not what has, in every language', () => {
    const present = languages.flatMap((language) =>
      BEFORE_A_BUTTON.map((key) => `${language} ${key}: ${translator(language)(key)}`).filter(
        (line) => !TO_COME[language]!.test(line),
      ),
    )
    assert.deepEqual(present, [])
  })
})
