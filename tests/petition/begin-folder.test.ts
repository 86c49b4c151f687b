import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { beginFolder } from '../../src/petition/files/begin-folder.ts'
import { FrontMatter, SettingsFile } from '../../src/petition/files/petition-files.schema.ts'
import { readPetitionFolder } from '../../src/petition/files/petition-files.ts'
import { PetitionFilesError } from '../../src/petition/files/read-source.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('a folder to begin from', () => {
  const root = temporaryFolder()

  const refusal = async (folder: string) => {
    const error: Error = await readPetitionFolder(folder).then(
      () => assert.fail('the folder was taken'),
      (reason) => reason,
    )
    assert.ok(error instanceof PetitionFilesError, error.stack)
    return error.message
  }
  /** Writes over the placeholder that publishing complains of. */
  async function fillIn(folder: string, complaint: string) {
    const [, file, number] = /^(\S+), line (\d+): it still says FILL-IN/.exec(complaint) ?? []
    assert.ok(file, complaint)
    const lines = (await readFile(join(folder, file), 'utf8')).split('\n')
    const line = lines[Number(number) - 1]!
    assert.match(line, /FILL-IN/)
    lines[Number(number) - 1] = line.replace(/FILL-IN(: [^"]*)?/, 'mine')
    await writeFile(join(folder, file), lines.join('\n'))
  }

  it('is a template in the languages asked for, under an address of its own', async () => {
    const folder = join(root, 'clean-river')
    assert.deepEqual(await beginFolder(folder, ['ru', 'en']), { slug: 'clean-river', unspoken: [] })
    assert.deepEqual((await readdir(folder)).sort(), ['en.md', 'petition.yaml', 'ru.md'])
    const files = await readPetitionFolder(folder, { draft: true })
    assert.equal(files.slug, 'clean-river')
    assert.deepEqual(files.settings.languages, ['ru', 'en'])
    assert.deepEqual(files.settings.recipients, [])
    assert.match(await readFile(join(folder, 'petition.yaml'), 'utf8'), /^# .*\n/)
  })

  it('explains every field that there is', async () => {
    const folder = join(root, 'explained')
    await beginFolder(folder, ['en'])
    const fieldsOf = async (file: string) =>
      (await readFile(join(folder, file), 'utf8')).matchAll(/^(?:# )?([a-z]+):/gm)
    const settings = new Set([...(await fieldsOf('petition.yaml'))].map(([, field]) => field))
    const text = new Set([...(await fieldsOf('en.md'))].map(([, field]) => field))
    const missing = [
      ...Object.keys(SettingsFile.properties).filter((field) => !settings.has(field)),
      ...Object.keys(FrontMatter.properties).filter((field) => !text.has(field)),
    ]
    assert.deepEqual(missing, [])
  })

  it('holds nothing of the demonstration’s', async () => {
    const folder = join(root, 'of-our-own')
    await beginFolder(folder, ['en'])
    for (const file of await readdir(folder)) {
      assert.doesNotMatch(
        await readFile(join(folder, file), 'utf8'),
        /Aliyev|Azerbaijan|COP/i,
        file,
      )
    }
  })

  it('can’t be published before every placeholder is gone, each named by file and line', async () => {
    const folder = join(root, 'to-fill-in')
    await beginFolder(folder, ['en', 'az'])
    let asked = 0
    for (;;) {
      const said = await readPetitionFolder(folder).then(
        () => null,
        (error: Error) => error.message,
      )
      if (said === null) break
      await fillIn(folder, said)
      assert.ok(++asked < 100)
    }
    // Contact, and in both languages six fields, a demand, a name, three in the text.
    assert.ok(asked >= 1 + 2 * 11, String(asked))
    assert.equal((await readPetitionFolder(folder)).contents.az!.title, 'mine')
  })

  it('keeps waiting what the site does not speak, and lets the rest go ahead', async () => {
    const folder = join(root, 'in-kazakh-too')
    assert.deepEqual((await beginFolder(folder, ['en', 'kk'])).unspoken, ['kk'])
    assert.deepEqual((await readdir(folder)).sort(), ['en.md', 'kk.md', 'petition.yaml'])
    const files = await readPetitionFolder(folder, { draft: true })
    assert.deepEqual([files.settings.languages, files.unlisted], [['en'], ['kk']])
    assert.match(
      await readFile(join(folder, 'petition.yaml'), 'utf8'),
      /# kk\.md waits: .*views\/locales\/kk\.json/,
    )
  })

  it('in no language that the site speaks says so when it is read', async () => {
    const folder = join(root, 'all-kazakh')
    await beginFolder(folder, ['kk'])
    for (let said = await refusal(folder); ; said = await refusal(folder)) {
      if (!said.includes('FILL-IN')) {
        assert.match(said, /languages has "kk", which the site doesn't speak: take it out, or add/)
        break
      }
      await fillIn(folder, said)
    }
  })

  it('is not made where something lies, under a name that is no address, or in no language', async () => {
    const taken = join(root, 'taken')
    await beginFolder(taken, ['en'])
    const wrong: [string, string[]][] = [
      [taken, ['en']],
      [join(root, 'My Petition'), ['en']],
      [join(root, 'not-there', 'below'), ['en']],
      [join(root, 'no-language'), []],
      [join(root, 'no-language'), ['English']],
      [join(root, 'no-language'), ['en', 'qq']],
      [join(root, 'no-language'), ['../en']],
    ]
    for (const [folder, languages] of wrong) {
      await assert.rejects(beginFolder(folder, languages), (error: Error) => {
        assert.ok(error instanceof PetitionFilesError)
        assert.doesNotMatch(error.message, /\n/)
        return true
      })
    }
    assert.ok(!(await readdir(root)).some((name) => /My|not-there|no-language/.test(name)))
  })
})
