import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unzipSync } from 'fflate'
import { posterOf, posterSection, writePoster } from '../../src/delivery/write-poster.ts'
import { readPetitionFolder } from '../../src/petition/files/petition-files.ts'
import type { Petition } from '../../src/petition/petition.ts'
import { levelsOf, orderRuns } from '../../src/platform/pdf/order-runs.ts'
import { DEMO as DEMO_FOLDER } from '../../src/publishing/demo-folders.ts'
import { getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { TESTER } from '../support/tester.ts'

const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)!.length

describe('what organisers pass on', () => {
  const harness = useHarness()

  async function kit(code: string | null, only?: string) {
    const petition = await getDemo(harness)
    const languages = only ? [only] : petition.settings.languages
    const parts: Uint8Array[] = []
    const options = { cards: harness.site.cards, languages, code }
    for await (const part of harness.site.delivery.kit(petition, options)) parts.push(part)
    return new Map(Object.entries(unzipSync(Buffer.concat(parts))))
  }
  const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes!).toString()

  it('has a folder for each language, with messages, poster, strips, code and pictures', async () => {
    const files = await kit(null)
    const names =
      'badge.txt card-square.png card-story.png card.png messages.txt poster.pdf qr.png qr.svg tear-off.pdf'
    for (const language of ['en', 'az', 'ru', 'be']) {
      const own = [...files.keys()].filter((name) => name.startsWith(`${language}/`))
      assert.equal(
        own
          .map((name) => name.slice(3))
          .sort()
          .join(' '),
        names,
      )
      const messages = text(files.get(`${language}/messages.txt`))
      for (const source of ['whatsapp', 'signal', 'x', 'linkedin', 'viber', 'email']) {
        const link = `http://petitions.test/${language}/p/cop29-baku?source=${source}\n`
        assert.ok(messages.includes(link), `${language} ${source}`)
      }
      const link = `http://petitions.test/${language}/p/cop29-baku?source=badge`
      const picture = `http://petitions.test/p/cop29-baku/badge.svg?lang=${language}`
      const badge = text(files.get(`${language}/badge.txt`))
      assert.ok(badge.includes(`HTML\n<a href="${link}"><img src="${picture}" alt="`), badge)
      assert.ok(badge.includes(`](${picture})](${link})\n`), badge)
      assert.equal(
        (await fetch(picture.replace('http://petitions.test', harness.origin))).status,
        200,
      )
      for (const name of ['poster', 'tear-off']) {
        const pdf = Buffer.from(files.get(`${language}/${name}.pdf`)!)
        assert.equal(pagesOf(pdf), 1, `${language} ${name}`)
        const written = pdf.toString('latin1')
        assert.match(written, new RegExp(`/Lang \\(${language}\\)`))
        for (const mark of [/\/Marked true/, /\/S \/H1\b/, /\/S \/Figure\b/, /\/Alt /])
          assert.match(written, mark)
      }
    }
  })

  it('credits a partner in every link', async () => {
    const { code } = await harness.site.sharing.createPartnerLink(
      await getDemo(harness),
      'River News',
      TESTER,
    )
    const files = await kit(code, 'be')
    const messages = text(files.get('be/messages.txt'))
    assert.equal(messages.match(new RegExp(`/be/s/${code}\\?source=`, 'g'))!.length, 13)
    assert.doesNotMatch(messages, /\/p\/cop29/)
  })

  it('stays on one page with the longest texts that a petition may have', async () => {
    const petition = await getDemo(harness)
    const long = (most: number) =>
      'Шырокія словы Ж '
        .repeat(40)
        .slice(0, most - 1)
        .trim()
    const texts = new Map(
      [...petition.texts].map(([language, rows]) => {
        const content = {
          ...rows[0]!.content,
          title: long(120),
          slogan: long(300),
          summary: long(300),
        }
        return [language, [{ ...rows[0]!, content }]]
      }),
    )
    const wordy: Petition = { ...petition, texts }
    const url = `https://petitions.a-rather-long-name.example/be/p/${'a'.repeat(60)}`
    for (const kind of ['poster', 'tear-off'] as const) {
      const pdf = await writePoster(kind, posterOf(wordy, { language: 'be', url }), new Date())
      assert.equal(pagesOf(pdf), 1, kind)
    }
  })

  it('has its address from left to right on every poster, though it begins with a number', () => {
    const url = 'http://127.0.0.1:4800/fa/p/river'
    const content = { language: 'fa', slogan: 'س', title: 'س', summary: 'س', organisers: 'س', url }
    for (const kind of ['poster', 'tear-off'] as const) {
      const { blocks } = posterSection(kind, { heading: 40, square: 250 }, content)
      const addresses = blocks.flatMap((block) => ('texts' in block ? [block.texts[1]!] : []))
      assert.equal(addresses.length, kind === 'poster' ? 1 : 2)
      for (const address of addresses) {
        const runs = orderRuns(levelsOf(address, 'rtl'), [{ name: 'any', has: () => true }], {
          start: 0,
          end: address.length,
        })
        assert.ok(
          runs
            .map(({ text }) => text)
            .join('')
            .includes('127.0.0.1:4800/fa/p/river'),
        )
      }
    }
  })

  it('has a poster of one page in every language of the demonstration', async () => {
    const shown = await getDemo(harness)
    const { contents, settings } = await readPetitionFolder(DEMO_FOLDER)
    const [row] = shown.texts.get('en')!
    const texts = new Map(
      Object.entries(contents).map(([language, content]) => [
        language,
        [{ ...row!, language, content }],
      ]),
    )
    const petition: Petition = { ...shown, settings, texts }
    for (const language of settings.languages) {
      for (const kind of ['poster', 'tear-off'] as const) {
        const url = `https://petitions.example/${language}/p/cop29-baku`
        const pdf = await writePoster(kind, posterOf(petition, { language, url }), new Date())
        assert.equal(pagesOf(pdf), 1, `${kind} ${language}`)
      }
    }
  })
})
