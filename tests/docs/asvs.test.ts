import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const PAGE = 'docs/asvs.md'
const STANDARD = 'tests/docs/asvs-5.0.0.json'
const ANSWERS = ['met', 'not applicable', 'not met']
/** A number, or the first and the last of several in the standard's order. */
const ROW = /^\| (\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))? \| (.+?) \| (.+?) \| (.+) \|$/gm
const PATH =
  /`((?:src|tests|docs|views|migrations)\/[\w./-]+|[\w.-]+\.(?:md|json|yml)|\.dockerignore)`/g

const page = readFileSync(PAGE, 'utf8')
const levels: Record<'level 1' | 'level 2', string[]> = JSON.parse(readFileSync(STANDARD, 'utf8'))
const numbers = [levels['level 1'], levels['level 2']]
  .flat()
  .flatMap((chapter) => chapter.split(' '))
  .sort(byNumber)

function byNumber(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  const at = left.findIndex((part, index) => part !== right[index])
  return at < 0 ? 0 : left[at]! - right[at]!
}

const rows = [...page.matchAll(ROW)].map(([, first, last, asks, answer, shown]) => ({
  covers: last ? numbers.slice(numbers.indexOf(first!), numbers.indexOf(last) + 1) : [first!],
  name: last ? `${first}–${last}` : first!,
  asks: asks!,
  answer: answer!,
  shown: shown!,
  paths: [...shown!.matchAll(PATH)].map(([, path]) => path!),
}))

/** @param heading of the third degree */
function sectionOf(heading: string): string {
  const [, section] = page.split(`\n### ${heading}\n`)
  return section!.split('\n### ')[0]!
}

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join('src', file), 'utf8'))

describe('docs/asvs.md', () => {
  it('answers each requirement of level 1 and 2 once, in the standard’s order', () => {
    assert.equal(numbers.length, 253)
    assert.equal(new Set(numbers).size, 253)
    assert.deepEqual(
      rows.flatMap(({ covers }) => covers),
      numbers,
    )
  })

  it('with one of three words', () => {
    assert.deepEqual(
      rows.filter(({ answer }) => !ANSWERS.includes(answer)),
      [],
    )
  })

  it('says with files and a test what is met, and they are there', () => {
    for (const { name, answer, covers, paths } of rows) {
      if (answer !== 'met') continue
      assert.equal(covers.length, 1, `${name}: one answer for each that is met`)
      assert.ok(
        paths.some((path) => /^tests\/.*\.test\.ts$/.test(path)),
        `${name} names no test`,
      )
      assert.deepEqual(
        paths.filter((path) => !existsSync(path)),
        [],
        name,
      )
    }
  })

  it('says what would have to be done for what is not met', () => {
    const unmet = rows.filter(({ answer }) => answer === 'not met')
    assert.deepEqual(
      unmet.filter(({ shown }) => !shown.includes('To do: ')),
      [],
    )
  })

  it('counts its answers right', () => {
    const count = (word: string) =>
      rows.filter(({ answer }) => answer === word).flatMap(({ covers }) => covers).length
    const [met, notApplicable, notMet] = ANSWERS.map(count)
    const flat = page.replaceAll(/\s+/g, ' ')
    assert.ok(
      flat.includes(
        `${met} are met, ${notApplicable} are not applicable to this program, ${notMet} are not met`,
      ),
      `${met} met, ${notApplicable} not applicable, ${notMet} not met`,
    )
  })

  it('lists every key that is derived from the server’s secret', () => {
    const derived = sources.flatMap((text) =>
      [
        ...text.matchAll(/derive\('([a-z-]+)'\)|hkdfSync\([^)]*'undersigned\/([a-z-]+)\/v\d+'/g),
      ].map(([, purpose, label]) => purpose ?? label!),
    )
    assert.ok(derived.length > 8, `${derived}`)
    const keys = sectionOf('Keys')
    assert.deepEqual(
      derived.filter((label) => !keys.includes(`\`${label}\``)),
      [],
    )
  })

  it('lists every setting that names another machine', () => {
    const settings = [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z_]+)=/gm)]
      .map(([, name]) => name!)
      .filter((name) => /_URL$|^LOG_WITNESSES$|PORT$/.test(name))
    assert.ok(settings.length >= 6)
    const connections = sectionOf('Connections')
    assert.deepEqual(
      settings.filter((name) => !connections.includes(`\`${name}\``)),
      [],
    )
  })

  it('gives the limits of the form as the program has them', () => {
    const rules = sectionOf('Rules for input')
    const form = readFileSync('src/signature/form/sign-form.ts', 'utf8')
    for (const [constant, words] of [
      ['NAME_MAX', '1 to {} code points'],
      ['EMAIL_MAX', 'up to {} characters'],
      ['COMMENT_MAX', 'up to {} code points'],
    ] as const) {
      const [, value] = new RegExp(`const ${constant} = (\\d+)`).exec(form)!
      assert.ok(rules.includes(words.replace('{}', value!)), constant)
    }
  })
})
