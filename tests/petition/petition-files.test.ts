import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import { readPetitionFolder } from '../../src/petition/files/petition-files.ts'
import { hashContent } from '../../src/petition/files/petition-text.ts'
import { languages } from '../../src/platform/i18n/translate.ts'
import { DEMO } from '../../src/publishing/demo-folders.ts'
import { copyDemo, type PetitionFolder } from '../support/demo.ts'

describe('a petition’s folder', () => {
  let folder: PetitionFolder
  beforeEach(() => {
    folder = copyDemo()
  })

  it('of the demo is whole in all of the site’s languages', async () => {
    const files = await readPetitionFolder(DEMO)
    assert.deepEqual([...files.settings.languages].sort(), [...languages].sort())
    const first = files.contents[files.settings.languages[0]!]!
    for (const [language, content] of Object.entries(files.contents)) {
      assert.equal(content.demands.length, first.demands.length, language)
      assert.deepEqual(
        content.facts.map((fact) => fact.sources),
        first.facts.map((fact) => fact.sources),
        language,
      )
      assert.equal(
        content.body.match(/^## /gm)!.length,
        first.body.match(/^## /gm)!.length,
        language,
      )
      assert.ok(content.notice, language)
    }
  })

  it('gives what its files say', async () => {
    const files = await readPetitionFolder(folder.path)
    assert.equal(files.slug, 'cop29-baku')
    assert.deepEqual([files.opens, files.closes], ['-0d', '+120d'])
    assert.equal(files.settings.accent, 'garnet')
    assert.deepEqual(files.settings.goals.slice(0, 3), [100, 500, 1000])
    assert.deepEqual(files.settings.organisers[1], { id: 'ipd', url: null })
    assert.equal(files.contents.en!.organisers.ipd, 'Institute for Peace and Democracy')
    assert.match(files.contents.en!.body, /^By our count, [\s\S]* up to you\.$/)
  })

  it('with what nobody sees pasted into its fields is the same petition', async () => {
    const plain = await readPetitionFolder(folder.path)
    await folder.change('petition.yaml', /^slug: (.*)$/m, 'slug: \ufeff$1\u200b')
    await folder.change('petition.yaml', /(url: )(https)/, '$1\u2068$2')
    await folder.change('en.md', /^title: (.*)$/m, 'title: \u200e$1\ufffc')
    assert.deepEqual(await readPetitionFolder(folder.path), plain)
  })

  it('may leave out what has a sensible default', async () => {
    await folder.change('petition.yaml', /^accent:.*$/m, '')
    await folder.change('petition.yaml', /^opens:.*$/m, '')
    await folder.change('petition.yaml', /^closes:.*$/m, '')
    await folder.change('petition.yaml', /^sources:[\s\S]*/m, '')
    await folder.change('petition.yaml', /^languages:.*$/m, 'languages: [en]')
    await folder.change('en.md', /^facts:[\s\S]*?(?=^organisers:)/m, '')
    await folder.change('en.md', /^notice:.*\n/m, '')
    await folder.change('en.md', /^sources:[\s\S]*?(?=^---$)/m, '')
    const { opens, closes, settings, contents } = await readPetitionFolder(folder.path)
    assert.deepEqual([opens, closes, settings.accent, settings.sources], [null, null, 'garnet', []])
    assert.deepEqual([contents.en!.facts, contents.en!.notice], [[], null])
  })

  it('tells of a language that has a file and is not listed', async () => {
    await folder.change('petition.yaml', /^languages:.*$/m, 'languages: [en, ru]')
    assert.deepEqual((await readPetitionFolder(folder.path)).unlisted, ['az', 'be'])
  })

  it('saved on Windows is the same petition, and the same text', async () => {
    const before = await readPetitionFolder(folder.path)
    for (const file of ['petition.yaml', 'en.md', 'ru.md']) {
      const content = await readFile(join(folder.path, file), 'utf8')
      await writeFile(join(folder.path, file), `\ufeff${content.replaceAll('\n', '\r\n')}`)
    }
    const saved = await readPetitionFolder(folder.path)
    assert.deepEqual(saved, before)
    assert.deepEqual(hashContent(saved.contents.en!), hashContent(before.contents.en!))
  })
})

describe('the hash of a text', () => {
  it('is the same whatever the order of its fields, and another for every change', async () => {
    const { contents } = await readPetitionFolder(DEMO)
    const content = contents.en!
    const reversed = Object.fromEntries(Object.entries(content).reverse()) as typeof content
    assert.deepEqual(hashContent(reversed), hashContent(content))
    const hashes = [
      content,
      { ...content, body: `${content.body} ` },
      { ...content, notice: null },
      { ...content, notice: '' },
      { ...content, demands: [...content.demands].reverse() },
      { ...content, facts: content.facts.map((fact) => ({ ...fact, sources: [] })) },
      { ...content, organisers: { ...content.organisers, ipd: 'Another' } },
    ].map((each) => hashContent(each).toString('hex'))
    assert.equal(new Set(hashes).size, hashes.length)
    for (const hash of hashes) assert.equal(hash.length, 64)
  })
})
