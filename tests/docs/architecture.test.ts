import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'

const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
]
const FILE = /\b(?:src|tests|views|migrations)\/[\w./-]+\.(?:ts|hbs|json|md|yaml)\b/g
/** Links within the project; pictures aside, which are made by hand. */
const LINK = /(?<!!)\[[^\]]*\]\((?!https?:)([^)#]+)\)/g

const read = (file: string) => readFileSync(file, 'utf8')

describe('the documents', () => {
  for (const page of PAGES) {
    it(`${page} names only files that are there`, () => {
      const named = [...read(page).matchAll(FILE)].map(([file]) => file)
      const linked = [...read(page).matchAll(LINK)].map(([, file]) => join(dirname(page), file!))
      const missing = [...named, ...linked].filter((file) => !existsSync(file))
      assert.deepEqual(missing, [])
    })
  }

  it('ARCHITECTURE.md names the files of the journey and every room', () => {
    const text = read('ARCHITECTURE.md')
    assert.ok([...text.matchAll(FILE)].length > 20)
    const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory())
    for (const { name } of rooms) assert.ok(text.includes(`\`${name}/\``), name)
  })

  it('ARCHITECTURE.md names every table', () => {
    const text = read('ARCHITECTURE.md')
    const tables = [...read('src/database.ts').matchAll(/^ {2}(\w+): \w+Table$/gm)]
    assert.ok(tables.length > 5)
    for (const [, table] of tables) assert.ok(text.includes(`\`${table}\``), table)
  })

  it('every variable of src/config.ts is explained to operators', () => {
    const source = read('src/config.ts')
    const names = new Set(
      [...source.matchAll(/\benv\.([A-Z_]+)|'([A-Z]+(?:_[A-Z]+)*)'/g)].map(
        ([, dotted, quoted]) => dotted ?? quoted!,
      ),
    )
    assert.ok(names.has('PUBLIC_URL') && names.has('LOG_INTERVAL'))
    for (const name of names) {
      assert.match(read('.env.example'), new RegExp(`^#?${name}=`, 'm'))
      assert.match(read('docs/operating.md'), new RegExp(`\`${name}\``))
    }
  })
})
