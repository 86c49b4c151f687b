import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { languages } from '../../src/platform/i18n/translate.ts'
import { useHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
write('about.en.md', '# Petitions for rivers\r\n\r\nWe are *small*.\r\n\r\n<script>1</script>\r\n')
write('about.ru.md', 'Мы — небольшое объединение.\n\n## Как мы работаем\n')
write('imprint.en.md', 'Register number 1.\n\n![x](https://evil.example/x.png)\n')
write('notes.txt', 'not a page')

describe('the operator’s own pages', () => {
  const harness = useHarness({ SITE_PAGES: folder, OPERATOR: 'Association of Open Rivers' })
  const bare = useHarness({ DEMO: '0' })
  const demo = useHarness()
  const read = async (path: string) => (await get(harness, path)).text()

  it('say on the start page what the site is, and link to the whole', async () => {
    const home = await read('/en/')
    assert.match(home, /Petitions for rivers[\s\S]*We are <em>small<\/em>\.[\s\S]*Open petitions/)
    assert.match(home, /<a href="\/en\/about">About this site<\/a>/)
    assert.match(home, /Open for signatures until /)
    const about = await read('/en/about')
    assert.match(about, /<h1>Petitions for rivers<\/h1>/)
    assert.match(about, /&lt;script&gt;1&lt;\/script&gt;/)
    assert.doesNotMatch(about, /<script>1/)
  })

  it('come in the reader’s language, else in the first that there is, marked as such', async () => {
    assert.match(
      await read('/ru/about'),
      /<h1>Об\sэтом сайте<\/h1>[\s\S]*Мы\s— небольшое объединение/,
    )
    assert.match(await read('/az/about'), /<h1 lang="en">Petitions for rivers/)
  })

  it('add to the imprint, without anything from elsewhere', async () => {
    const imprint = await read('/en/imprint')
    assert.match(imprint, /Association of Open Rivers[\s\S]*Register number 1\./)
    assert.doesNotMatch(imprint, /evil\.example/)
  })

  it('are nowhere where nobody wrote any', async () => {
    assert.equal((await get(bare, '/en/about')).status, 404)
    assert.doesNotMatch(await (await get(bare, '/en/')).text(), /\/en\/about/)
  })

  it('are the demonstration’s where it is shown and the operator wrote none, in every language', async () => {
    for (const language of languages) {
      const home = await (await get(demo, `/${language}/`)).text()
      assert.match(home, /class="about-site"[\s\S]*<div class="lede">[\s\S]*Undersigned/, language)
      const about = await (await get(demo, `/${language}/about`)).text()
      assert.match(about, /Undersigned[\s\S]*<code>README\.md<\/code>/, language)
      assert.doesNotMatch(about, /<div[^>]* lang="/, language)
    }
  })
})
