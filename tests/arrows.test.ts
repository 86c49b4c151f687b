import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'

/** Imports, of types too, from file to file below src/. */
const IMPORT = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g
const FACES = ['pages', 'api', 'commands', 'jobs']
const APART = [...FACES, 'offline', 'browser', 'platform']

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)
const arrows = files.flatMap((from) =>
  [...readFileSync(join('src', from), 'utf8').matchAll(IMPORT)].map(([, path]) => ({
    from,
    to: relative('src', join('src', dirname(from), path!)),
  })),
)
/** The folder directly under src/ that a file is in; '' for a file directly under it. */
const folderOf = (file: string) => (file.includes('/') ? file.split('/')[0]! : '')
const isRoom = (folder: string) => folder !== '' && !APART.includes(folder)
const found = (isWrong: (from: string, to: string) => boolean) =>
  arrows.filter(({ from, to }) => isWrong(from, to)).map(({ from, to }) => `${from} -> ${to}`)

describe('imports', () => {
  it('form no circle between folders directly under src', () => {
    const below = new Map<string, Set<string>>()
    for (const { from, to } of arrows) {
      const [a, b] = [folderOf(from), folderOf(to)]
      if (a !== b && a !== '' && b !== '') below.set(a, (below.get(a) ?? new Set()).add(b))
    }
    const reach = (folder: string, seen = new Set<string>()): Set<string> => {
      for (const next of below.get(folder) ?? []) if (!seen.has(next)) reach(next, seen.add(next))
      return seen
    }
    assert.ok(below.size > 10)
    assert.deepEqual(
      [...below.keys()].filter((folder) => reach(folder).has(folder)),
      [],
    )
  })

  it('lead from no room to a face, nor to a file directly under src but the tables', () => {
    const isWrong = (from: string, to: string) =>
      isRoom(folderOf(from)) &&
      (FACES.includes(folderOf(to)) || (folderOf(to) === '' && to !== 'database.ts'))
    assert.deepEqual(found(isWrong), [])
  })

  it('lead from the platform to nothing else', () => {
    const isWrong = (from: string, to: string) =>
      folderOf(from) === 'platform' && folderOf(to) !== 'platform'
    assert.deepEqual(found(isWrong), [])
  })

  it("lead from no face to a room's SQL", () => {
    const isWrong = (from: string, to: string) =>
      FACES.includes(folderOf(from)) && /(\.queries|-rows|\/store)\.ts$|\/store\//.test(to)
    assert.deepEqual(found(isWrong), [])
  })

  it('lead from offline programs to the core of the log, the sealed record and the platform alone', () => {
    const allowed = /^(offline|log\/core|sealing\/(record|age)|platform\/(?!database))\b/
    assert.deepEqual(
      found((from, to) => folderOf(from) === 'offline' && !allowed.test(to)),
      [],
    )
  })
})
