import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A column as a table type describes it. */
export interface Field {
  /** `string`, `number`, `boolean`, `Date`, `Buffer` or `JSONColumnType`. */
  type: string
  /** Of a union of words; else null. */
  values: string[] | null
  nullable: boolean
  generated: 'default' | 'always' | null
}

export type DescribedTable = Map<string, Field>

/** Types that need no definition. */
const PLAIN = ['string', 'number', 'boolean', 'Date', 'Date[]', 'Buffer', 'JSONColumnType']

const SOURCE = fileURLToPath(new URL('../../../src/', import.meta.url))

/**
 * Reads the tables' interfaces of src/database.ts, and of the files that it takes tables from, as text, since
 * types are gone at run time and this TypeScript has no programming interface. It reads the plain way in
 * which they are written and nothing else: it fails for every table that it doesn't understand.
 */
export function describeTables(): Map<string, DescribedTable> {
  const file = join(SOURCE, 'database.ts')
  const sources = [file, ...importedFrom(file, /Table\b/)]
  const unions = new Map(
    [...sources, ...sources.flatMap((source) => importedFrom(source))].flatMap((source) =>
      readUnions(readSource(source)),
    ),
  )
  const interfaces = new Map(sources.flatMap((source) => readInterfaces(readSource(source))))
  const tables = interfaces.get('Database')
  assert.ok(tables, 'src/database.ts has no interface Database')
  interfaces.delete('Database')
  const unused = [...interfaces.keys()].filter((name) => ![...tables.values()].includes(name))
  assert.deepEqual(unused, [], 'src/database.ts names no table of these types')
  return new Map(
    [...tables].map(([table, type]) => {
      const members = interfaces.get(type)
      assert.ok(members, `no file that src/database.ts names has an interface ${type}`)
      return [table, new Map([...members].map(([name, text]) => [name, readField(text, unions)]))]
    }),
  )
}

/** `Generated<Date | null>`, `GeneratedAlways<string>`, `JSONColumnType<X>`, `Word | null`, `string`. */
function readField(text: string, unions: Map<string, string[]>): Field {
  const wrapped = /^(Generated|GeneratedAlways)<(.+)>$/.exec(text)
  const inner = (wrapped?.[2] ?? text).replace(/^JSONColumnType<\w+>/, 'JSONColumnType')
  const [type = '', ...others] = inner.split(' | ')
  const nullable = others[0] === 'null'
  assert.ok(
    /^\w+(\[\])?$/.test(type) && others.length === (nullable ? 1 : 0),
    `can't read the type ${text}`,
  )
  assert.ok(PLAIN.includes(type) || unions.has(type), `can't read the type ${type}`)
  const generated = wrapped && (wrapped[1] === 'Generated' ? 'default' : 'always')
  return { type, values: unions.get(type) ?? null, nullable, generated }
}

/** `export type State = 'pending' | 'confirmed'` */
function readUnions(source: string): [string, string[]][] {
  return [...source.matchAll(/^export type (\w+) =((?:\s*\|?\s*'[^']+')+)$/gm)].map(
    ([, name, body]) => [name!, [...body!.matchAll(/'([^']+)'/g)].map(([, word]) => word!)],
  )
}

/** Name to members: name to type, as written; of tables and of the list of them. */
function readInterfaces(source: string): [string, Map<string, string>][] {
  const found = [
    ...source.matchAll(/^(?:export )?interface (\w+Table|Database) \{\n([\s\S]*?)^\}/gm),
  ]
  assert.equal(
    found.length,
    source.match(/\binterface (\w+Table|Database)\b/g)?.length ?? 0,
    'an interface was not read',
  )
  return found.map(([, name, body]) => {
    const lines = body!.split('\n').filter((line) => line.trim() !== '')
    const members = lines.map((line) => {
      const [, member, type] = /^ {2}(\w+): (.+)$/.exec(line) ?? []
      assert.ok(member && type, `can't read "${line.trim()}" of ${name}`)
      return [member, type] as const
    })
    return [name!, new Map(members)]
  })
}

/** Files from which types are imported, those with such a name alone. */
function importedFrom(file: string, names = /./): string[] {
  return [...readSource(file).matchAll(/^import type \{([^}]+)\} from '(\.[^']+)'/gm)]
    .filter(([, list]) => names.test(list!))
    .map(([, , path]) => join(dirname(file), path!))
}

/** Without comments. */
function readSource(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
}
