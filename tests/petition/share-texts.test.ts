import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readPetitionFolder } from '../../src/petition/files/petition-files.ts'
import { CHANNELS } from '../../src/petition/files/share-fields.ts'
import { lengthFor } from '../../src/petition/files/share-texts.ts'
import { shareWords } from '../../src/sharing/share-words.ts'
import { copyDemo, getDemo, refusalOf } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { agreed, TESTER } from '../support/tester.ts'

const withShare = async (yaml: string) => {
  const folder = copyDemo()
  await folder.change('petition.yaml', /^accent:/m, `share:\n${yaml}\naccent:`)
  return folder
}

describe('the organisers’ own words for channels', () => {
  const harness = useHarness()

  it('are passed on where there are some: for a channel, else for all, else the site’s', async () => {
    const folder = await withShare(
      '  en: { message: "For all:", x: "For X:" }\n  ru: { viber: "Вайбер:" }',
    )
    await harness.site.publishing.publish(folder.path, { by: TESTER, agree: agreed, isDemo: true })
    harness.site.petitions.drop()
    const petition = await getDemo(harness)
    assert.equal(shareWords(petition, 'en', 'x'), 'For X:')
    assert.equal(shareWords(petition, 'en', 'email'), 'For all:')
    assert.equal(shareWords(petition, 'ru', 'viber'), 'Вайбер:')
    assert.match(shareWords(petition, 'ru', 'x'), /– подпишите петицию$/)
    assert.match(shareWords(petition, 'az', 'whatsapp'), /^Xahiş edirəm/)
    const page = await (await fetch(`${harness.origin}/en/p/cop29-baku`)).text()
    assert.match(page, /intent\/post\?text&#x3D;For%20X%3A&amp;url/)
  })

  it('are no part of the text that people sign: its version stays', async () => {
    const before = (await getDemo(harness)).texts.get('az')!
    const folder = await withShare('  az: { message: "Yeni söz" }')
    await harness.site.publishing.publish(folder.path, {
      by: TESTER,
      agree: agreed,
      isDemo: true,
    })
    harness.site.petitions.drop()
    assert.deepEqual((await getDemo(harness)).texts.get('az'), before)
  })

  it('are refused where a channel would cut them off, or the petition has no such language', async () => {
    const faults: [string, RegExp][] = [
      [
        `  en: { x: "${'a'.repeat(257)}" }`,
        /line \d+: share\.en\.x has 257 characters for x, which takes 256/,
      ],
      [`  en: { message: "${'a'.repeat(257)}" }`, /share\.en\.message has 257 .*or give x its own/],
      [`  en: { message: "${'a'.repeat(230)}" }`, /230 characters for bluesky, which takes 220/],
      [`  en: { mastodon: "${'a'.repeat(421)}" }`, /mastodon, which takes 420/],
      [`  en: { x: "${'🕊'.repeat(129)}" }`, /has 258 characters for x/],
      ['  de: { x: "Lies" }', /share has "de", which languages lacks/],
      ['  en: { myspace: "Read" }', /myspace is no field/],
    ]
    for (const [yaml, fault] of faults) {
      assert.match(await refusalOf((await withShare(yaml)).path), fault)
    }
    const short = `  en: { message: "${'a'.repeat(500)}", x: "Short", bluesky: "Short", mastodon: "Short", threads: "Short" }`
    assert.ok((await readPetitionFolder((await withShare(short)).path)).settings.share)
  })

  it('count on X as X counts them', () => {
    const lengths: [string, number][] = [
      ['abc', 3],
      ['Свабода', 7],
      ['Azərbaycan', 10],
      ['آزادی', 5],
      ['თავისუფლება', 11],
      ['自由', 4],
      ['🕊️', 2],
      ['👩‍👩‍👧', 2],
      ['🇺🇦', 2],
      ['“x” – y…', 9],
    ]
    for (const [text, length] of lengths) assert.equal(lengthFor('x', text), length, text)
    for (const channel of CHANNELS) assert.equal(lengthFor(channel, ''), 0)
  })
})
