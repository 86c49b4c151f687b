import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { addTargetCommands } from '../../src/commands/target.ts'
import { viewBoard } from '../../src/pages/answers/view-board.ts'
import { DAY } from '../../src/platform/clock.ts'
import { languages } from '../../src/platform/i18n/translate.ts'
import { DEMO as DEMO_FOLDER } from '../../src/publishing/demo-folders.ts'
import type { TargetFacts } from '../../src/target/facts.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { runCommand } from '../support/run-command.ts'
import { get } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runSql } from '../support/test-database.ts'
import { TESTER } from '../support/tester.ts'

const SAID: Readonly<Record<string, string>> = {
  en: 'We share it.\nWe will raise it.',
  az: 'Razıyıq.',
  ru: 'Согласны.',
  be: 'Згодныя.',
}
const TEXTS = languages.map(
  (language) => `${language}=${SAID[language] ?? `Answered (${language})`}`,
)
const SOURCE = 'https://example.org/letter'

describe('those whom a petition asks', () => {
  const harness = useHarness()
  const run = (...line: string[]) =>
    runCommand(harness.site, addTargetCommands, ['target', ...line])
  const page = async (path = '', language = 'en') =>
    (await get(harness, `/${language}/p/${DEMO}${path}`)).text()
  const answer = (word: string, stance: string, on: string, ...more: string[]) =>
    run('answer', DEMO, word, '--stance', stance, '--on', on, '--text', ...TEXTS, ...more)
  const notes = () =>
    harness.site.db.selectFrom('action').select(['what', 'after']).orderBy('id').execute()

  before(async () => {
    assert.doesNotMatch(
      await page(),
      /Those who are asked/,
      'a petition that asks nobody has no board',
    )
    await harness.site.publishing.publishDemo(TESTER)
  })

  it('of the demonstration are offices, each under its country’s name, and none has answered', async () => {
    assert.match(await page(), /Not yet asked: <strong class="figure">35<\/strong>/)
    assert.match(await page('', 'az'), /Almaniya<\/span> <span class="whence">Hökumət başçısı/)
    assert.match(await page('', 'be'), /Германія/)
    assert.doesNotMatch(await page(), /Agrees|No answer/)
  })

  it('are read in again without a change, and a change is noted once', async () => {
    const before = (await notes()).length
    const again = await run('import', DEMO, join(DEMO_FOLDER, 'targets.yaml'))
    assert.equal(again.output, '0 added, 0 changed.\n')
    assert.equal((await notes()).length, before)
    await run('add', DEMO, 'de', '--country', 'DE', '--office', 'head-of-state')
    assert.equal((await notes()).at(-1)!.what, 'target import')
    assert.match(
      await page('/answers?country=DE'),
      /Germany<\/span> <span class="whence">Head of state/,
    )
  })

  it('of a file are refused with line and field', async () => {
    const file = join(temporaryFolder(), 'targets.yaml')
    const refused = async (line: string, why: RegExp) => {
      await writeFile(
        file,
        `targets:\n  - { id: fr, country: FR, office: government }\n  - ${line}\n`,
      )
      const { code, errors } = await run('import', DEMO, file)
      assert.equal(code, 1)
      assert.match(errors, why)
    }
    await refused('{ id: fr, country: FR, office: government }', /line 3: .*"fr" twice/)
    await refused('{ id: xx, country: ZZ, office: government }', /line 3: .*"ZZ".*capital letters/)
    await refused('{ id: xx, country: FR }', /line 3: .*either an office/)
    await refused('{ id: xx, country: FR, name: { en: Me } }', /not there in az, ru, be/)
    await refused('{ id: xx, country: FR, office: government, contact: x }', /line 3: .*contact/)
  })

  it('count as silent after two weeks, by the days since they were asked', async () => {
    const { output } = await run('ask', DEMO, 'de', 'us', '--on', '2024-02-20')
    assert.match(output, /de asked on 2024-02-20\nus asked on 2024-02-20\n/)
    assert.match(output, /To tell it as an update: undersigned update new cop29-baku/)
    assert.match(await page(), /Asked: <strong class="figure">2[\s\S]*Asked on 20 February 2024/)
    harness.clock.move(10 * DAY)
    assert.match(await page(), /No answer: <strong class="figure">2[\s\S]*No answer for 20 days/)
    assert.match(
      (await run('list', DEMO)).output,
      /\nde\tDE\thead-of-state\tasked on 2024-02-20, no answer for 20 days\n/,
    )
  })

  it('answer: the words in the reader’s language, and where they can be read', async () => {
    const { output, code } = await answer('de', 'partly', '2024-03-08', '--source', SOURCE)
    assert.equal(code, 0)
    assert.match(output, /update new/)
    assert.match(
      await page(),
      /Germany[\s\S]*Agrees in part[\s\S]*8 March 2024[\s\S]*We share it\.\nWe will raise it\.[\s\S]*href="https:\/\/example\.org\/letter"/,
    )
    assert.match(await page('', 'ru'), /Частичное согласие[\s\S]*Согласны\./)
  })

  it('are corrected by another entry, and what it took the place of stays to be read', async () => {
    const history = (await run('history', DEMO, 'de')).output
    const number = /^(\d+)\t2024-03-08\tanswered/m.exec(history)![1]!
    assert.equal((await answer('de', 'agrees', '2024-03-08', '--corrects', number)).code, 0)
    const twice = await answer('de', 'other', '2024-03-09', '--corrects', number)
    assert.match(twice.errors, /no entry \d+ that could be corrected/)
    const text = await page()
    assert.match(text, /<strong>Agrees<\/strong>[\s\S]*<summary>History/)
    assert.match(
      text,
      /<s>Answered on 8 March 2024: Agrees in part<\/s> Corrected on 11 March 2024/,
    )
    await assert.rejects(
      runSql(
        harness.databaseUrl,
        `update target_entry set stance = 'refuses' where id = ${number}`,
      ),
      { code: '42501' },
    )
    await assert.rejects(
      runSql(harness.databaseUrl, `delete from target_entry where id = ${number}`),
      { code: '42501' },
    )
  })

  it('were asked by mistake: the entry counts no more, and is read as taken back', async () => {
    const number = /^(\d+)\t/.exec((await run('history', DEMO, 'us')).output)![1]!
    assert.equal((await run('mistake', DEMO, 'us', number)).code, 0)
    assert.match((await run('list', DEMO)).output, /\nus\tUS\t\S+\tnot yet asked\n/)
    assert.match((await run('remove', DEMO, 'us')).errors, /what was noted of it stays/)
    assert.equal((await run('remove', DEMO, 'fr')).code, 0)
  })

  it('are refused a day to come, a wrong day, a missing language and a source that is no address', async () => {
    assert.match((await run('ask', DEMO, 'gb', '--on', '2024-05-01')).errors, /yet to come/)
    assert.match((await run('ask', DEMO, 'gb', '--on', '2024-02-31')).errors, /no day/)
    assert.match((await run('ask', DEMO, 'zz')).errors, /there is no target "zz"/)
    const script = await answer('gb', 'agrees', '2024-03-08', '--source', 'javascript:alert(1)')
    assert.match(script.errors, /https:\/\//)
    const short = await run(
      'answer',
      DEMO,
      'gb',
      '--stance',
      'agrees',
      '--on',
      '2024-03-08',
      '--text',
      'en=Yes',
    )
    assert.match(short.errors, /not there in az, ru, be/)
  })

  it('are chosen by country through a form; what asks for no such country is the page with all', async () => {
    const all = await page('/answers')
    assert.match(
      all,
      /<form class="board-filter" method="get" action="\/en\/p\/cop29-baku\/answers">/,
    )
    const german = await page('/answers?country=DE')
    assert.match(german, /<option value="DE" selected>Germany/)
    assert.doesNotMatch(german, /id="target-gb"/)
    for (const query of ['country=ZZ', 'country=%22%3E', 'country=DE&country=GB']) {
      assert.equal(await page(`/answers?${query}`), all)
    }
  })

  it('are headed by their own names, or by what tells offices apart; one country is never named', async () => {
    const petition = await getDemo(harness)
    const board = (...targets: [country: string, facts: TargetFacts][]) =>
      viewBoard(
        petition,
        targets.map(([country, facts], id) => {
          return { id, word: `w${id}`, place: id, country, facts, entries: [] }
        }),
        { language: 'en', now: new Date(), brief: false },
      )!.unasked!.targets.map(({ heading, beside }) => [heading, beside])
    const mayor: TargetFacts = { name: { en: 'Mayor of Graz' } }
    const office: TargetFacts = { office: 'head-of-government' }
    assert.deepEqual(board(['AT', mayor], ['AT', office]), [
      ['Head of government', null],
      ['Mayor of Graz', null],
    ])
    assert.deepEqual(board(['AT', mayor], ['DE', office]), [
      ['Mayor of Graz', 'Austria'],
      ['Germany', 'Head of government'],
    ])
  })

  it('and each change is a trace of who made it', async () => {
    const what = (await notes())
      .map((note) => note.what)
      .filter((each) => each.startsWith('target'))
    assert.deepEqual(what, [
      'target import',
      'target import',
      'target ask',
      'target ask',
      'target answer',
      'target answer',
      'target mistake',
      'target remove',
    ])
  })

  it('are, on the day of asking, said to be asked, and nothing of silence', async () => {
    const today = harness.clock.now().toISOString().slice(0, 10)
    assert.equal((await run('ask', DEMO, 'jp', '--on', today)).code, 0)
    assert.match((await run('list', DEMO)).output, new RegExp(`^jp\t.*\tasked on ${today}$`, 'm'))
    assert.doesNotMatch(await page(), /for 0 days/)
  })

  it('stay readable while the database is away', async () => {
    const before = await page('/answers')
    await harness.wire.cut()
    assert.equal(await page('/answers'), before)
  })
})
