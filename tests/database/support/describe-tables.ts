import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
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

const SOURCE = fileURLToPath(new URL('../../../src/', import.meta.url))

/**
 * Reads the interfaces of src/database.ts and of every *.table.ts as text, since types are gone at
 * run time and this TypeScript has no programming interface. It reads the plain way in which they
 * are written and nothing else: whatever it doesn't understand, it fails for.
 */
export function describeTables(): Map<string, DescribedTable> {
  const read = (file: string) => withoutComments(readFileSync(join(SOURCE, file), 'utf8'))
  const tableFiles = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.table.ts'),
  )
  const database = read('database.ts').replace(/^export type Db = .*$/m, '')
  const sources = [database, ...tableFiles.map(read)]
  const imported = tableFiles.flatMap((file) => readImportedUnions(file, read))
  const unions = new Map([...sources.flatMap(readUnions), ...imported])
  const interfaces = new Map(sources.flatMap(readInterfaces))
  const tables = interfaces.get('Database')
  assert.ok(tables, 'src/database.ts has no interface Database')
  interfaces.delete('Database')
  const unused = [...interfaces.keys()].filter((name) => ![...tables.values()].includes(name))
  assert.deepEqual(unused, [], 'src/database.ts names no table of these types')
  return new Map(
    [...tables].map(([table, type]) => {
      const members = interfaces.get(type)
      assert.ok(members, `neither src/database.ts nor a *.table.ts has an interface ${type}`)
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
  const generated = wrapped && (wrapped[1] === 'Generated' ? 'default' : 'always')
  return { type, values: unions.get(type) ?? null, nullable, generated }
}

/** `export type State = 'pending' | 'confirmed'` */
function readUnions(source: string): [string, string[]][] {
  return [
    ...source.matchAll(/^export type (\w+) =([^=]+?)(?=^(?:export|interface|\/\*\*)|(?![\s\S]))/gm),
  ].map(([, name, body]) => {
    const words = body!
      .trim()
      .replace(/^\|\s*/, '')
      .split(/\s*\|\s*/)
    const values = words.map((word) => /^'([^']+)'$/.exec(word)?.[1])
    assert.ok(!values.includes(undefined), `can't read the type ${name}`)
    return [name!, values as string[]]
  })
}

/** Of the types that a file imports, those written as `export type Display = 'hidden' | 'name'` on one line. */
function readImportedUnions(file: string, read: (file: string) => string): [string, string[]][] {
  const imports = read(file).matchAll(/^import type \{([^}]+)\} from '(\.[^']+)'$/gm)
  return [...imports].flatMap(([, names, path]) => {
    const source = read(join(dirname(file), path!))
    return names!.split(',').flatMap((name): [string, string[]][] => {
      const union = new RegExp(`^export type ${name.trim()} = ('[^']+'(?: \\| '[^']+')*)$`, 'm')
      const words = union.exec(source)?.[1]
      return words ? [[name.trim(), words.split(' | ').map((word) => word.slice(1, -1))]] : []
    })
  })
}

/** Name to members: name to type, as written. */
function readInterfaces(source: string): [string, Map<string, string>][] {
  const found = [
    ...source.matchAll(/^(?:export )?interface (\w+)(?: extends (\w+))? \{\n([\s\S]*?)^\}/gm),
  ]
  const bases = new Set(found.map(([, , base]) => base))
  assert.equal(
    found.length,
    source.match(/\binterface\b/g)?.length ?? 0,
    'an interface was not read',
  )
  const own = found.map(([, name, base, body]) => {
    const lines = body!.split('\n').filter((line) => line.trim() !== '')
    const members = lines.map((line) => {
      const [, member, type] = /^ {2}(\w+): (.+)$/.exec(line) ?? []
      assert.ok(member && type, `can't read "${line.trim()}" of ${name}`)
      return [member, type] as const
    })
    return { name: name!, base, members: new Map(members) }
  })
  // A base that is exported is a table, too.
  return own
    .filter(({ name }) => !bases.has(name) || source.includes(`export interface ${name} `))
    .map(({ name, base, members }) => {
      const inherited = own.find((each) => each.name === base)?.members ?? []
      return [name, new Map([...inherited, ...members])]
    })
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
}
