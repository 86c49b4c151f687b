import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { accentOf } from '../../src/card/accents.ts'
import type { Cards } from '../../src/card/cards.ts'
import { drawCard } from '../../src/card/draw-card.ts'
import { roundDown } from '../../src/card/round-down.ts'
import { SHAPES, type ShapeName } from '../../src/card/shapes.ts'
import { accents } from '../../src/petition/files/petition-files.schema.ts'
import { makePicture } from '../picture/make-picture.ts'
import { copyDemo, DEMO, getDemo, STORY_LANGUAGES } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get, signAndConfirm } from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'
import { CARDS, differs, drawSmall, readReference } from './scripts.ts'

describe('the letters of a card', () => {
  for (const [script, card] of Object.entries(CARDS)) {
    it(`are those of the text: ${script}`, async () => {
      const drawn = await drawSmall(card)
      assert.ok((await differs(drawn, await readReference(script))) < 0.002)
      // Another letter, and letters that no font has, differ by far more.
      const other = await drawSmall({ ...card, slogan: `${card.slogan.slice(0, -9)}漢字漢字` })
      assert.ok((await differs(drawn, other)) > 0.004)
    })
  }

  it('keep a slogan of one endless word, and of a hundred words, on the card', async () => {
    for (const slogan of ['Ə'.repeat(300), 'Нет прославлению '.repeat(40)]) {
      const png = await drawCard('card', {
        ...{
          slogan,
          organisers: 'Ў'.repeat(200),
          figure: null,
          label: 'x',
          host: 'petitions.test',
        },
        ...{ direction: 'ltr', accent: '#8d1c31', picture: null },
      })
      const { width, height } = await sharp(png).metadata()
      assert.deepEqual({ width, height }, { width: 1200, height: 630 })
    }
  })
})

describe('the count on a card', () => {
  it('shows two figures, and no count of fewer than ten', () => {
    const shown = [0, 1, 9, 10, 19, 20, 99, 100, 119, 999, 1000, 1234, 99_999, 1_234_567]
    assert.deepEqual(
      shown.map(roundDown),
      [0, 0, 0, 10, 10, 20, 90, 100, 110, 990, 1000, 1200, 99_000, 1_200_000],
    )
  })

  it('has the colours that pages have on paper', async () => {
    const styles = await readFile('src/browser/styles/tokens.css', 'utf8')
    for (const accent of accents) {
      const [, colour] = new RegExp(`\\.accent-${accent} {\\s+--accent: (#\\w+)`).exec(styles)!
      assert.equal(accentOf(accent), colour, accent)
    }
  })
})

describe('share cards', () => {
  const harness = useHarness()
  const cardOf = async (language: string, path = `/${language}/p/${DEMO}`) => {
    const html = await (await get(harness, path)).text()
    const url = /<meta property="og:image" content="([^"]+)"/.exec(html)![1]!
    return url
      .replaceAll('&#x3D;', '=')
      .replaceAll('&amp;', '&')
      .replace('http://petitions.test', '')
  }

  for (const [shape, { width, height }] of Object.entries(SHAPES)) {
    const name = shape === 'card' ? 'card.png' : `card-${shape}.png`
    it(`are drawn in each language: ${name}`, async () => {
      const seen = new Set<string>()
      for (const language of STORY_LANGUAGES) {
        const answer = await get(harness, `/p/${DEMO}/${name}?lang=${language}`)
        assert.equal(answer.status, 200)
        assert.equal(answer.headers.get('content-type'), 'image/png')
        assert.equal(answer.headers.get('content-language'), language)
        assert.match(answer.headers.get('cache-control')!, /^public, max-age=600/)
        const png = Buffer.from(await answer.arrayBuffer())
        const metadata = await sharp(png).metadata()
        assert.deepEqual([metadata.width, metadata.height], [width, height])
        assert.ok(png.length < 300_000, `${png.length} bytes: messengers show no larger preview`)
        seen.add(png.toString('base64'))
      }
      assert.equal(seen.size, 4)
    })
  }

  it('are named by the page with their size and in words', async () => {
    const html = await (await get(harness, `/en/p/${DEMO}`)).text()
    assert.match(html, /<meta property="og:image:width" content="1200">/)
    assert.match(html, /<meta property="og:image:height" content="630">/)
    assert.match(
      html,
      /<meta property="og:image:alt" content="No to glorifying[^"]+ – Coordination/,
    )
    assert.match(html, /<meta name="twitter:card" content="summary_large_image">/)
    const card = await get(harness, await cardOf('az'))
    assert.equal((await card.arrayBuffer()).byteLength > 10_000, true)
  })

  it('are named by an update’s page and by the list of petitions, too', async () => {
    const petition = await getDemo(harness)
    const contents = new Map(['en', 'az'].map((each) => [each, { title: 'News', body: 'Some.' }]))
    await harness.site.updates.publish(petition, { name: 'news', contents }, TESTER, agreed)
    for (const path of [`/az/p/${DEMO}/updates/news`, '/az/']) {
      assert.equal(await cardOf('az', path), await cardOf('az'), path)
    }
  })

  it('ask for no language that the petition lacks', async () => {
    for (const query of ['', '?lang=xx', '?lang=en&lang=az', '?lang=__proto__', '?lang[]=az']) {
      const answer = await get(harness, `/p/${DEMO}/card.png${query}`)
      assert.equal(answer.headers.get('content-language'), 'en', query)
      await answer.arrayBuffer()
    }
    assert.equal((await get(harness, '/p/nobody/card.png')).status, 404)
  })

  it('have a new address when the count has passed a step, and not at each signature', async () => {
    const before = await cardOf('ru')
    for (let nth = 1; nth <= 9; nth++)
      await signAndConfirm(harness, { email: `a${nth}@example.org` })
    await harness.tally()
    assert.equal(await cardOf('ru'), before)
    await signAndConfirm(harness, { email: 'a10@example.org' })
    await harness.tally()
    assert.notEqual(await cardOf('ru'), before)
  })

  it('show the petition’s picture', async () => {
    const path = await cardOf('be')
    const plain = Buffer.from(await (await get(harness, path)).arrayBuffer())
    const folder = copyDemo()
    const photo = await makePicture({ width: 1300, height: 900 })
    await writeFile(join(folder.path, 'march.jpg'), photo)
    const alt = 'alt: { en: "A march", az: "Yürüş", ru: "Шествие", be: "Шэсце" }'
    await folder.change('petition.yaml', /$/, `\nimage:\n  file: march.jpg\n  ${alt}\n`)
    await harness.site.publishing.publish(folder.path, { by: TESTER, agree: agreed, isDemo: true })
    const changed = await cardOf('be')
    assert.notEqual(changed, path)
    const pictured = Buffer.from(await (await get(harness, changed)).arrayBuffer())
    assert.ok((await differs(plain, pictured)) > 0.05)
    assert.ok(pictured.length < 600_000)
  })

  it('give way to one without words when too many are asked for at once, for seconds only', async () => {
    const { site } = harness
    const petition = (await site.petitions.find(DEMO))!
    const shapes = Object.keys(SHAPES) as ShapeName[]
    const { createCards } = await import('../../src/card/cards.ts')
    const none = await site.counts.shown(petition.id)
    let counted = 0
    // Each asks for another count, and so for another card.
    const counts = {
      async shown() {
        counted += 10
        return { ...none, counted }
      },
    }
    const cards = createCards({ ...site, counts })
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, nth) => cards.find(petition, 'en', shapes[nth % 3]!)),
    )
    assert.ok(all.some(({ isOwn }) => !isOwn))
    assert.ok(all.some(({ isOwn }) => isOwn))
    assert.ok(all.every(({ png }) => png.subarray(1, 4).toString() === 'PNG'))
  })

  it('of a mirror show its own name, and wait in the same queue', async () => {
    const { site } = harness
    const petition = (await site.petitions.find(DEMO))!
    const mirror = site.cards.at('http://mirror.onion')
    const of = async (cards: Pick<Cards, 'find'>) => (await cards.find(petition, 'en', 'card')).png
    assert.notEqual(await mirror.version(petition, 'en'), await site.cards.version(petition, 'en'))
    const [own, another] = [await of(site.cards), await of(mirror)]
    assert.ok(!own.equals(another))
    assert.equal(await of(mirror), another, 'kept')
    assert.equal(await of(site.cards), own, 'kept')
    const origins = Array.from({ length: 40 }, (_, nth) => site.cards.at(`http://m${nth}.onion`))
    const drawn = await Promise.all(origins.map((cards) => cards.find(petition, 'en', 'card')))
    assert.ok(drawn.filter(({ isOwn }) => isOwn).length <= 20)
  })
})
