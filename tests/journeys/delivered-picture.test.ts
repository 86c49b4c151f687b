import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import { addActionCommands } from '../../src/commands/action.ts'
import { createPictures } from '../../src/picture/pictures.ts'
import { makePicture } from '../picture/make-picture.ts'
import { copyDemo, DEMO, STORY_LANGUAGES } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { runCommand, runPetitionCommand } from '../support/run-command.ts'
import { get } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'
import { agreed, TESTER } from '../support/tester.ts'

const each = (option: string, words: string) =>
  STORY_LANGUAGES.flatMap((language) => [option, `${language}=${words} (${language})`])
const TO = each('--to', 'Council')
const ALT = each('--alt', 'Two people hand over a box')

describe('a petition that was handed over, with a picture of it', () => {
  const harness = useHarness()
  let folder: string
  const file = (name: string) => join(folder, name)
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undersigned-delivered-'))
    const photo = await makePicture({ width: 900, height: 600 })
    const noted = { IFD0: { Copyright: 'Sevda Quliyeva' } }
    await writeFile(file('steps.jpg'), await sharp(photo).withExif(noted).jpeg().toBuffer())
    await writeFile(file('other.png'), await makePicture({ width: 420, height: 300 }))
    await writeFile(file('letter.jpg'), '%PDF-1.7 no picture at all')
    await harness.site.publishing.close(DEMO, TESTER, agreed)
  })
  after(() => rm(folder, { recursive: true }))

  const run = (...args: string[]) => runPetitionCommand(harness.site, 'delivered', DEMO, ...args)
  async function done(...args: string[]): Promise<void> {
    const { code, errors } = await run(...args)
    assert.deepEqual([code, errors], [0, ''])
  }
  async function refused(...args: string[]): Promise<string> {
    const { code, errors } = await run(...args)
    assert.equal(code, 1, args.join(' '))
    assert.doesNotMatch(errors, /\n/)
    return errors
  }
  const pageIn = async (language: string) => (await get(harness, `/${language}/p/${DEMO}`)).text()
  const pathsIn = (html: string) => [
    ...new Set(
      [...html.matchAll(/\/pictures\/[0-9a-f]{24}\.(?:avif|webp|jpg)/g)].map(([path]) => path),
    ),
  ]
  const stored = async () => {
    const { rows } = await runSql(harness.databaseUrl, 'select name from picture_file')
    return rows.length
  }
  const marked = ['--on', '2024-03-01', ...TO]

  it('is told in words alone, at first', async () => {
    await done(...marked)
    assert.deepEqual(pathsIn(await pageIn('en')), [])
  })

  it('needs words in each language for those who can’t see the picture', async () => {
    const picture = ['--picture', file('steps.jpg')]
    assert.match(await refused(...picture), /say in each language what the picture shows/)
    assert.match(await refused(...picture, '--alt', 'en=A box'), /missing in az, ru, be/)
    assert.match(await refused(...picture, ...ALT, '--alt', 'de=Eine Kiste'), /is not in de/)
    assert.match(await refused(...ALT), /add --picture/)
    assert.equal(await stored(), 0)
  })

  it('takes no file that is no picture', async () => {
    assert.match(
      await refused('--picture', file('letter.jpg'), ...ALT),
      /^letter\.jpg: is no JPEG, PNG or WebP/,
    )
    assert.match(
      await refused('--picture', file('gone.jpg'), ...ALT),
      /^gone\.jpg can't be read: it is not there; nothing was changed/,
    )
    assert.match(await refused('--picture', folder, ...ALT), /is no picture file/)
    assert.equal(await stored(), 0)
  })

  it('shows it in each language, encoded anew, with its words, once the rest was marked', async () => {
    await done('--picture', file('steps.jpg'), ...ALT)
    for (const language of STORY_LANGUAGES) {
      const html = await pageIn(language)
      assert.match(
        html,
        new RegExp(
          `<img src="[^"]+" alt="Two people hand over a box \\(${language}\\)"[^>]* loading="lazy"`,
        ),
      )
      assert.match(html, new RegExp(`Council \\(${language}\\)`), 'what was left out stays')
    }
    const paths = pathsIn(await pageIn('en'))
    assert.equal(paths.length, 9, 'three widths in three formats')
    for (const path of paths) {
      const answer = await get(harness, path)
      assert.equal(answer.status, 200, path)
      const bytes = Buffer.from(await answer.arrayBuffer())
      assert.equal((await sharp(bytes).metadata()).exif, undefined)
      assert.equal(bytes.includes('Quliyeva'), false)
    }
  })

  it('keeps it when the day or the answer is marked', async () => {
    await done('--on', '2024-02-29')
    await harness.site.publishing.markAnswered(DEMO, TESTER, { on: '2024-03-01', url: null })
    assert.equal(pathsIn(await pageIn('en')).length, 9)
    await harness.site.publishing.unmark(DEMO, TESTER, 'answered')
    assert.equal(pathsIn(await pageIn('en')).length, 9)
    assert.doesNotMatch(JSON.stringify(await described()), /source/)
  })

  it('replaces it, and deletes the former', async () => {
    const [former] = pathsIn(await pageIn('en'))
    await done('--picture', file('other.png'), ...ALT)
    const shown = pathsIn(await pageIn('en'))
    assert.equal(shown.length, 6)
    assert.ok(!shown.includes(former!))
    assert.equal(await stored(), 6)
    await readsAnew(former!)
  })

  it('takes it off alone, or with the mark', async () => {
    await done('--no-picture')
    assert.deepEqual(pathsIn(await pageIn('en')), [])
    assert.match(await pageIn('en'), /The signatures have been delivered/)
    assert.equal(await stored(), 0)
    await done('--picture', file('other.png'), ...ALT)
    const [path] = pathsIn(await pageIn('en'))
    await done('--undo')
    assert.equal(await stored(), 0)
    await readsAnew(path!)
  })

  it('stays when a text shows the same file', async () => {
    const demo = copyDemo()
    await writeFile(join(demo.path, 'other.png'), await makePicture({ width: 420, height: 300 }))
    await demo.change('en.md', /^## Why Baku$/m, '![The steps](other.png)\n\n## Why Baku')
    await harness.site.publishing.publish(demo.path, { by: TESTER, agree: agreed, isDemo: true })
    await done(...marked, '--picture', file('other.png'), ...ALT)
    await done('--undo')
    assert.equal(pathsIn(await pageIn('en')).length, 6)
    assert.equal(await stored(), 6)
  })

  it('is in the list of actions, with its words', async () => {
    const { output } = await runCommand(harness.site, addActionCommands, ['action', 'list', DEMO])
    assert.match(output, /marked cop29-baku as delivered\n.*en Two people hand over a box \(en\)/)
    assert.match(output, /took the mark "delivered" of cop29-baku back/)
  })

  const described = async () => (await get(harness, `/api/v1/petitions/${DEMO}`)).json()
  /** As any process does that has had it in memory for some minutes. */
  async function readsAnew(path: string): Promise<void> {
    const { db, publicReads } = harness.site
    const pictures = createPictures({ db, publicReads }, 0)
    assert.equal(await pictures.file(path.split('/').at(-1)!), null)
  }
})
