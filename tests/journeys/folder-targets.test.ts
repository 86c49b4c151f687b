import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { copyDemo, DEMO, getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { runPetitionCommand } from '../support/run-command.ts'
import { TESTER } from '../support/tester.ts'

const DE = '  - { id: de, country: DE, office: head-of-government }'
const US = '  - { id: us, country: US, office: head-of-state-and-government }'
const FR = '  - { id: fr, country: FR, office: head-of-state }'

describe('those whom a petition asks, in its folder', () => {
  const harness = useHarness()
  const folder = copyDemo()
  const write = (...lines: string[]) =>
    writeFile(join(folder.path, 'targets.yaml'), `targets:\n${lines.join('\n')}\n`)
  const publish = (...args: string[]) =>
    runPetitionCommand(harness.site, 'publish', folder.path, ...args)
  const words = async () => {
    const all = await harness.site.targets.of(await getDemo(harness))
    return all.map(({ word, country }) => `${word} ${country}`)
  }
  const notes = () =>
    harness.site.db.selectFrom('action').select('what').where('what', 'like', 'target %').execute()

  it('are not touched by a folder without the file', async () => {
    const made = { id: 'pl', country: 'PL', office: 'government' as const }
    await harness.site.targets.import(await getDemo(harness), [made], TESTER)
    assert.equal((await publish()).code, 0)
    assert.deepEqual(await words(), ['pl PL'])
    await harness.site.targets.remove(await getDemo(harness), 'pl', TESTER)
  })

  it('are added, and shown before', async () => {
    await write(DE, US)
    const { code, output } = await publish()
    assert.equal(code, 0)
    assert.match(output, /What changes in cop29-baku:\n {2}target de: new, DE head-of-government\n/)
    assert.deepEqual(await words(), ['de DE', 'us US'])
    const noted = (await notes()).length
    assert.doesNotMatch((await publish()).output, /target/)
    assert.equal((await notes()).length, noted, 'the same again changes nothing')
  })

  it('are changed, and taken out only by somebody who was asked', async () => {
    await write(DE.replace('government', 'state'), FR)
    const { code, errors, output } = await publish()
    assert.equal(code, 1)
    assert.match(output, /target de: DE head-of-government -> DE head-of-state\n/)
    assert.match(output, /target us: taken out, US head-of-state-and-government\n/)
    assert.match(errors, /^nothing was published: the target us is taken out\. Add --yes/)
    assert.deepEqual(await words(), ['de DE', 'us US'])
    assert.equal((await publish('--yes')).code, 0)
    assert.deepEqual(await words(), ['de DE', 'fr FR'])
    assert.equal((await notes()).at(-1)!.what, 'target remove')
  })

  it('stay once something was noted of them, and it is said', async () => {
    const petition = await getDemo(harness)
    await harness.site.targets.ask(petition, { word: 'de', on: '2024-02-20' }, TESTER)
    await write(FR)
    const { code, output } = await publish()
    assert.equal(code, 0)
    assert.match(output, /^targets\.yaml lacks de, which was asked: it stays/)
    assert.doesNotMatch(output, /taken out/)
    assert.deepEqual(await words(), ['de DE', 'fr FR'])
  })

  it('stay when they are asked between the question and its answer', async () => {
    await write(DE)
    const ask = { word: 'fr', on: '2024-02-21' }
    const removed: string[][] = []
    await harness.site.publishing.publish(folder.path, {
      by: TESTER,
      isDemo: true,
      agree: async ({ targets }) => {
        removed.push(targets!.removed.map(({ id }) => id))
        if (removed.length === 1) {
          await harness.site.targets.ask(await getDemo(harness), ask, TESTER)
        }
        return true
      },
    })
    assert.deepEqual(removed, [['fr'], []], 'it asked anew')
    assert.deepEqual(await words(), ['de DE', 'fr FR'])
  })

  it('are refused before anything is asked or published: line and field, or the language', async () => {
    await folder.change('en.md', /^title: .*$/m, 'title: "Another title"')
    await write(DE, DE)
    assert.match((await publish('--yes')).errors, /targets\.yaml, line 3: .*"de" twice/)
    await write(DE, '  - { id: me, country: FR, name: { en: Me } }')
    const { code, errors, output } = await publish('--yes')
    assert.deepEqual([code, output], [1, ''])
    assert.match(errors, /"me" has a text that is not there in az, ru, be/)
    assert.equal((await getDemo(harness)).texts.get('en')!.length, 1)
  })

  it('come with a draft, whose diff shows them anew, and go when it is deleted', async () => {
    await folder.change('petition.yaml', /^slug: .*$/m, 'slug: a-draft')
    await write(DE)
    assert.match((await publish('--draft')).output, /target de: new/)
    const draft = (await harness.site.petitions.find('a-draft'))!
    assert.equal((await harness.site.targets.of(draft)).length, 1)
    await write(FR)
    assert.match((await publish('--draft')).output, /target de: taken out/)
    await rm(join(folder.path, 'targets.yaml'))
    const { code, errors } = await runPetitionCommand(harness.site, 'delete', 'a-draft', '--yes')
    assert.deepEqual([code, errors], [0, ''])
    assert.equal(await harness.site.petitions.find('a-draft'), null)
    assert.notEqual(await harness.site.petitions.find(DEMO), null)
  })
})
