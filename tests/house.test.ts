import assert from 'node:assert/strict'
import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const MOST_LINES = 250
const MOST_FOLDERS = 80
const MEDIAN = { least: 45, most: 80 }

const below = (root: string, isWanted: (entry: Dirent) => boolean) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(isWanted)
    .map((entry) => join(entry.parentPath, entry.name))
const filesBelow = (root: string) => below(root, (entry) => entry.isFile())
const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').length - 1

const source = filesBelow('src')
const written = [...source, ...filesBelow('views')].filter((file) => /\.(ts|css|hbs)$/.test(file))
const folders = below('src', (entry) => entry.isDirectory())

describe('the source', () => {
  it(`has no file of more than ${MOST_LINES} lines`, () => {
    assert.ok(written.length > 100)
    assert.deepEqual(
      written.filter((file) => linesOf(file) > MOST_LINES),
      [],
    )
  })

  it('has no folder with a single file in it', () => {
    assert.deepEqual(
      folders.filter((folder) => readdirSync(folder).length === 1),
      [],
    )
  })

  it(`has at most ${MOST_FOLDERS} folders`, () => {
    assert.ok(folders.length <= MOST_FOLDERS, `${folders.length} folders`)
  })

  it(`has TypeScript files of ${MEDIAN.least} to ${MEDIAN.most} lines, by the median`, () => {
    const lines = source.filter((file) => file.endsWith('.ts')).map(linesOf)
    const median = lines.sort((a, b) => a - b)[Math.floor(lines.length / 2)]!
    assert.ok(median >= MEDIAN.least && median <= MEDIAN.most, `${median} lines`)
  })
})
