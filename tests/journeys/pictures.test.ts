import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, beforeEach, describe, it } from 'node:test'
import sharp from 'sharp'
import { readPetitionFolder } from '../../src/petition/files/petition-files.ts'
import { makePicture } from '../picture/make-picture.ts'
import { copyDemo, DEMO, type PetitionFolder, refusalOf } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'

const ALT = `
image:
  file: march.jpg
  alt: { en: "A march in Baku", az: "Bakıda yürüş", ru: "Шествие в Баку", be: "Шэсце ў Баку" }
`
const PATH = `/en/p/${DEMO}`

describe('pictures of a petition', () => {
  const harness = useHarness()
  let photo: Buffer
  let folder: PetitionFolder
  before(async () => {
    photo = await makePicture({ width: 500, height: 300 })
  })
  beforeEach(async () => {
    folder = copyDemo()
    await writeFile(join(folder.path, 'march.jpg'), photo)
  })
  const publish = () =>
    harness.site.publishing.publish(folder.path, { by: TESTER, agree: agreed, isDemo: true })
  const page = async () => (await get(harness, PATH)).text()

  it('stand beside the slogan and in the text, from this site and for ever', async () => {
    await folder.change('petition.yaml', /$/, ALT)
    await folder.change('en.md', /^## Why Baku$/m, '![The boulevard](march.jpg)\n\n## Why Baku')
    const { versions } = await publish()
    assert.deepEqual(versions, [{ language: 'en', version: 2 }], 'what a text shows belongs to it')
    const html = await page()
    assert.match(html, /<img src="[^"]+" alt="A march in Baku"[^>]* fetchpriority="high">/)
    assert.match(html, /<img src="[^"]+" alt="The boulevard"[^>]* loading="lazy"/)
    const paths = new Set(
      [...html.matchAll(/\/pictures\/[0-9a-f]{24}\.(?:avif|webp|jpg)/g)].map(([path]) => path),
    )
    assert.equal(paths.size, 6, 'two widths in three formats')
    for (const path of paths) {
      const answer = await get(harness, path)
      assert.equal(answer.status, 200, path)
      assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable')
      assert.match(answer.headers.get('content-type')!, /^image\/(avif|webp|jpeg)$/)
      const bytes = Buffer.from(await answer.arrayBuffer())
      assert.equal((await sharp(bytes).metadata()).exif, undefined)
    }
    assert.deepEqual((await publish()).versions, [], 'nothing changes when it is published again')
  })

  it('stay as they were under the text that people signed', async () => {
    const before = await page()
    await writeFile(join(folder.path, 'march.jpg'), await makePicture({ width: 420, height: 300 }))
    await folder.change('petition.yaml', /$/, ALT)
    await folder.change('en.md', /^## Why Baku$/m, '![The boulevard](march.jpg)\n\n## Why Baku')
    assert.deepEqual((await publish()).versions, [{ language: 'en', version: 3 }])
    const [shown] = /srcset="[^"]+"/.exec(before.slice(before.indexOf('class="body"')))!
    assert.ok((await (await get(harness, `${PATH}/versions/2`)).text()).includes(shown))
    assert.equal((await page()).includes(shown), false)
  })

  it('are shown while the database is away, once they were', async () => {
    const path = /\/pictures\/[0-9a-f]{24}\.avif/.exec(await page())![0]
    await get(harness, path)
    await harness.wire.cut()
    assert.equal((await get(harness, path)).status, 200)
    await harness.wire.mend()
  })

  it('that nobody published are not there', async () => {
    for (const name of ['0'.repeat(24) + '.avif', 'x.jpg', '..%2f..%2fetc%2fpasswd', '%00.jpg'])
      assert.equal((await get(harness, `/pictures/${name}`)).status, 404, name)
  })

  it('come from the folder, have words in each language, and are files', async () => {
    const refused = async (file: string, from: RegExp, to: string) => {
      const own = copyDemo()
      await writeFile(join(own.path, 'march.jpg'), await readFile(join(folder.path, 'march.jpg')))
      await own.change(file, from, to)
      return refusalOf(own.path)
    }
    const inText = (markdown: string) => refused('en.md', /^## Why Baku$/m, `${markdown}\n\n## Why`)
    assert.match(await inText('![x](https://evil.example/x.png)'), /no file of the folder/)
    assert.match(await inText('![x](//evil.example/x.png)'), /no file of the folder/)
    assert.match(await inText('![x](../march.jpg)'), /no file of the folder/)
    assert.match(
      await inText('![x](data:image/png;base64,AAAA)'),
      /no file of the folder|not valid/,
    )
    assert.match(await inText('![](march.jpg)'), /march\.jpg without words/)
    assert.match(await inText('![x](missing.jpg)'), /en\.md: missing\.jpg is not in the folder/)
    const yaml = (text: string) => refused('petition.yaml', /$/, text)
    assert.match(await yaml(ALT.replace(/, be: .*"/, '')), /image lacks "be"/)
    assert.match(await yaml(ALT.replace('march.jpg', '/etc/passwd')), /takes the name of a JPEG/)
    assert.match(
      await yaml(ALT.replace('march.jpg', 'other.png')),
      /other\.png is not in the folder/,
    )
  })

  it('change no hash of a text that shows none', async () => {
    const { contents } = await readPetitionFolder(copyDemo().path)
    assert.equal('pictures' in contents.en!, false)
  })
})
