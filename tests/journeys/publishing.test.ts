import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import sharp from 'sharp'
import { generateKey } from '../../src/offline/unseal/generate-key.ts'
import { makePicture } from '../picture/make-picture.ts'
import { copyDemo, type PetitionFolder } from '../support/demo.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { runProgram } from '../support/program.ts'
import { runPetitionCommand } from '../support/run-command.ts'
import { agreed, TESTER } from '../support/tester.ts'

// Over 250 lines: a list of what a change of files does to one petition, told in order.

const SLUG = 'clean-river'
const FIRST_KEY = generateKey(new Date()).recipient
const SECOND_KEY = generateKey(new Date()).recipient

describe('publishing from a script, which nobody can ask', () => {
  let harness: Harness
  let folder: PetitionFolder
  before(async () => {
    harness = await startHarness()
  })
  after(() => harness.close())
  beforeEach(async () => {
    folder = copyDemo()
    await folder.change('petition.yaml', /^slug:.*/m, `slug: ${SLUG}`)
  })
  afterEach(async () => {
    await run('close', SLUG)
    await harness.site.db.deleteFrom('submission').execute()
    await harness.site.db.deleteFrom('signature').execute()
    await run('delete', SLUG, '--yes')
  })

  const run = (...args: string[]) => runPetitionCommand(harness.site, ...args)
  const publish = (...more: string[]) => run('publish', folder.path, ...more)
  async function published(...more: string[]): Promise<string> {
    const { code, output, errors } = await publish(...more)
    assert.deepEqual([code, errors], [0, ''], output)
    return output
  }
  /** What a script is told that needs a yes; and that nothing was done. */
  async function refused(): Promise<string> {
    const before = await stored()
    const { code, errors } = await publish()
    assert.equal(code, 1)
    assert.match(errors, /^nothing was published: [^\n]* Add --yes if that is meant$/)
    assert.deepEqual(await stored(), before)
    return errors
  }
  const stored = () =>
    harness.site.db.selectFrom('petition').selectAll().where('slug', '=', SLUG).execute()

  it('goes ahead for the first time, for what is unchanged, and for what takes nothing away', async () => {
    assert.match(await published(), /^Published http\S+\/p\/clean-river$/m)
    assert.match(await published(), /^ {2}the text is unchanged$/m)
    await folder.change('petition.yaml', /^accent:.*/m, 'accent: pine')
    await folder.change('petition.yaml', /^closes:.*/m, 'closes: 2030-03-01T18:00+04:00')
    await folder.change('en.md', /^slogan:.*/m, 'slogan: "Give us back our river"')
    await folder.change('en.md', /^## Why Baku$/m, '## Why the river')
    const said = await published()
    assert.match(said, /^What changes in clean-river:$/m)
    assert.match(said, /^ {2}accent: garnet -> pine$/m)
    assert.match(said, /^ {2}closes: \S+ \(UTC\) -> 2030-03-01T18:00:00\+04:00 \(UTC\+4\)$/m)
    assert.match(said, /^ {4}- slogan: No to glorifying/m)
    assert.match(said, /^ {4}\+ slogan: Give us back our river$/m)
    assert.match(said, /^ {4}- ## Why Baku\n {4}\+ ## Why the river$/m)
    await folder.change('en.md', /Yunusov/, 'Yunusov himself')
    assert.match(await published('--yes'), /^ {4}~ .*Yunusov\{\+ himself\+\}/m, 'by words')
    // What stays the same is not told, but for a line around.
    assert.doesNotMatch(said, /goal:|whom:|ru:|Yunusov heads/)
  })

  it('tells no change where only the database’s order of languages differs from the file’s', async () => {
    await writeFile(join(folder.path, 'march.jpg'), await makePicture({ width: 400, height: 300 }))
    // JSONB sorts by length, then by letter: neither is the order of these.
    const texts = (words: string) =>
      `{ ${['ru', 'en', 'be', 'az'].map((language) => `${language}: "${words} ${language}"`).join(', ')} }`
    await folder.change(
      'petition.yaml',
      /$/,
      `
image: { file: march.jpg, alt: ${texts('A march')} }
postcode: ${texts('To know the districts')}
share:
  ru: { x: "Подпишите", whatsapp: "Подпишите" }
  en: { x: "Sign", whatsapp: "Sign" }
`,
    )
    await writeFile(
      join(folder.path, 'targets.yaml'),
      `targets:\n  - { id: city, country: AZ, name: ${texts('The city')} }\n`,
    )
    const first = await published()
    assert.match(first, /march\.jpg \([0-9a-f]{8}\): az "A march az", be "A march be", en/)
    const again = await published()
    assert.doesNotMatch(again, /What changes/)
    await folder.change('targets.yaml', /AZ/, 'GE')
    const target = /target city: AZ (.*) -> GE (.*)/.exec(await published())!
    assert.equal(target[1], target[2])
  })

  it('says which pictures are too small, once, and publishes them', async () => {
    const plain = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: '#246' } })
        .jpeg()
        .toBuffer()
    await writeFile(join(folder.path, 'bus.jpg'), await plain(800, 500))
    await writeFile(join(folder.path, 'wide.jpg'), await plain(1200, 700))
    await folder.change('en.md', /$/, '\n![A bus](bus.jpg)\n\n![A street](wide.jpg)\n')
    const said = await published()
    assert.match(said, /^bus\.jpg has only 800 × 500 pixels.* at least 1,200 wide/m)
    assert.doesNotMatch(said, /wide\.jpg/)
    assert.doesNotMatch(await published(), /pixels/)
  })

  it('names what is dropped in a line that moves no terminal', async () => {
    const contact = String.raw`"https://river.example/\u001b]52;c;eA==\u0007\u009b2J"`
    await folder.change('petition.yaml', /^accent:/m, `contact: ${contact}\naccent:`)
    await published('--yes')
    await folder.change('petition.yaml', /^contact:.*\n/m, '')
    const { output, errors } = await publish()
    for (const said of [output.replaceAll('\n', ''), errors]) {
      assert.match(said, /the contact https:\/\/river\.example\/\\u001b\]52;.* is dropped/)
      assert.doesNotMatch(said, /\p{Cc}/u)
    }
  })

  it('that drops a language, a day, an organiser, or the contact is refused until it says --yes', async () => {
    await folder.change('petition.yaml', /^accent:/m, 'contact: us@river.example\naccent:')
    await published()
    await folder.change('petition.yaml', /^languages:.*/m, 'languages: [en, az]')
    await folder.change('petition.yaml', /^closes:.*\n/m, '')
    await folder.change('petition.yaml', /^contact:.*\n/m, '')
    await folder.change('petition.yaml', /^ {2}- id: ipd\n/m, '')
    const said = await refused()
    for (const loss of [
      'the language ru is dropped: its links lead to en from then on',
      'the language be is dropped',
      /the day it closes, \S+ \(UTC\), is dropped: it has no end then/,
      'the organiser ipd is dropped',
      'the contact us@river.example is dropped',
    ]) {
      assert.ok(typeof loss === 'string' ? said.includes(loss) : loss.test(said), said)
    }
    const done = await published('--yes')
    assert.match(done, /^ {2}! the language ru is dropped/m)
    assert.match(done, /^ru\.md is left out: petition\.yaml doesn't list ru\.$/m)
    assert.match(await published(), /^ {2}the text is unchanged$/m)
  })

  it('that drops the day it opens is refused, though moving it is not', async () => {
    await folder.change('petition.yaml', /^opens:.*/m, 'opens: 2024-02-01T09:00+04:00')
    await published()
    await folder.change('petition.yaml', /^opens:.*/m, 'opens: 2024-02-02T09:00+04:00')
    await published()
    await folder.change('petition.yaml', /^opens:.*\n/m, '')
    assert.match(
      await refused(),
      /the day it opens, 2024-02-02T09:00:00\+04:00 \(UTC\+4\), is dropped/,
    )
  })

  it('that drops a recipient is refused; one that comes, or follows the demonstration’s, is not', async () => {
    await published()
    const list = (...keys: string[]) => `recipients: [${keys.join(', ')}]`
    await folder.change('petition.yaml', /^accent:/m, `${list(FIRST_KEY)}\naccent:`)
    await published()
    await folder.change('petition.yaml', /^recipients:.*/m, list(FIRST_KEY, SECOND_KEY))
    await published()
    await folder.change('petition.yaml', /^recipients:.*/m, list(SECOND_KEY))
    assert.ok((await refused()).includes(`the recipient ${FIRST_KEY} is dropped`))
  })

  it('that erases the list for updates, or lets figures tell more, is refused', async () => {
    await published()
    await folder.change('petition.yaml', /^figures:.*/m, 'figures: live\nupdates: false')
    const said = await refused()
    assert.match(said, /the list for updates is dropped: every address on it is erased/)
    assert.match(said, /figures follow each confirmation/)
  })

  it('that lets a further site hold the form is refused, one that takes a site away is not', async () => {
    await folder.change(
      'petition.yaml',
      /^embed:.*/m,
      'embed: [https://a.example, https://b.example]',
    )
    await published()
    await folder.change('petition.yaml', /^embed:.*/m, 'embed: [https://b.example]')
    await published()
    await folder.change(
      'petition.yaml',
      /^embed:.*/m,
      'embed: [https://b.example, https://c.example]',
    )
    assert.match(await refused(), /https:\/\/c\.example may hold the form in its pages/)
    await folder.change('petition.yaml', /^embed:.*/m, 'embed: [anywhere]')
    assert.match(await refused(), /every site may hold the form/)
  })

  it('that changes a text is refused once somebody has signed it', async () => {
    await published()
    await folder.change('az.md', /^title:.*/m, 'title: "Çay"')
    await published()
    const { db } = harness.site
    const { id } = (await harness.site.petitions.find(SLUG))!
    await db
      .insertInto('signature')
      .values({
        id: '00000000-0000-4000-8000-000000000001',
        confirmed_at: new Date(),
        petition_id: id,
        text_version: 1,
        country: 'DE',
        language: 'az',
        source: null,
        ref: null,
        tag: null,
        address: null,
      })
      .execute()
    await folder.change('az.md', /^title:.*/m, 'title: "Çayımız"')
    assert.match(await refused(), /those who signed before version 3 in az signed another text/)
    assert.match(await published('--yes'), /^ {2}az: version 3 of the text$/m)
  })

  it('after closing says that it stays closed, and what opens it again', async () => {
    await published()
    assert.equal((await run('close', SLUG)).code, 0)
    await folder.change('petition.yaml', /^accent:.*/m, 'accent: sea')
    const said = await published()
    assert.match(said, /^Updated /m)
    assert.match(
      said,
      /it stays closed, as it was closed by hand at \S+ \(UTC\): undersigned petition reopen clean-river/,
    )
    const reopened = await run('reopen', SLUG)
    assert.deepEqual([reopened.code, reopened.output], [0, 'clean-river takes signatures again.\n'])
    assert.doesNotMatch(await published(), /closed/)
    const again = await run('reopen', SLUG)
    assert.match(again.errors, /^clean-river is not closed: nothing to do$/)
  })

  it('after its closing day says so, and that reopening is done by moving it', async () => {
    await folder.change('petition.yaml', /^opens:.*/m, 'opens: 2020-01-01T00:00Z')
    await folder.change('petition.yaml', /^closes:.*/m, 'closes: 2020-02-01T00:00Z')
    const closing =
      /it stays closed: its closing day was 2020-02-01T00:00:00Z \(UTC\); move "closes"/
    assert.match(await published(), closing)
    const { code, errors } = await run('reopen', SLUG)
    assert.equal(code, 1)
    assert.match(errors, /closed by the day that "closes" in its petition\.yaml says: move that/)
  })

  it('goes by what was agreed to: what another changed meanwhile is not overwritten unseen', async () => {
    await published()
    await folder.change('petition.yaml', /^languages:.*/m, 'languages: [en, az, ru]')
    let asked = 0
    const meanwhile = async () => {
      if (++asked > 1) return false
      harness.clock.move(1)
      await harness.site.db
        .updateTable('petition')
        .set({ updated_at: harness.clock.now() })
        .where('slug', '=', SLUG)
        .execute()
      return true
    }
    const before = await stored()
    await assert.rejects(
      harness.site.publishing.publish(folder.path, { by: TESTER, agree: meanwhile }),
      /^Error: nothing was done/,
    )
    assert.equal(asked, 2, 'it asked anew')
    assert.deepEqual((await stored())[0]!.settings, before[0]!.settings)
  })

  it('by several at the same moment ends well for all of them', async () => {
    const all = await Promise.all(
      Array.from({ length: 4 }, () =>
        harness.site.publishing.publish(folder.path, { by: TESTER, agree: agreed }),
      ),
    )
    assert.equal(all.filter(({ created }) => created).length, 1)
  })

  it('is told in one line on the other stream, with 1 for the script', async () => {
    await published()
    await folder.change('petition.yaml', /^languages:.*/m, 'languages: [en, az, ru]')
    const fresh = join(folder.path, 'our-lake')
    const made = await run('new', fresh, '--languages', 'en,sv')
    assert.match(made.output, /sv\.md waits: this site doesn't speak sv/)
    for (const [path, line] of [
      [folder.path, /^undersigned: nothing was published: the language be is dropped: [^\n]*\n$/],
      [fresh, /^undersigned: petition\.yaml, line \d+: it still says FILL-IN: [^\n]*\n$/],
    ] as const) {
      const { code, errors } = await runProgram(['petition', 'publish', path], harness.environment)
        .ended
      assert.equal(code, 1)
      assert.match(errors, line)
    }
    assert.equal(await harness.site.petitions.find('our-lake'), null)
  })
})
