import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

/** An object literal by any string: it has a `constructor`, too. */
const TABLE = /const (\w+): (?:Readonly<)?(?:Partial<)?Record<string,.*> = \{[^}]/g
/** They are asked for their own keys alone. */
const KEPT = new Set([
  // At the build, by the names of folders.
  join('browser', 'fonts', 'choose-letters.ts'),
])

describe('a table that is asked by what comes from outside', () => {
  it('is a Map, or is asked by Object.hasOwn', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    const found = files
      .filter((file) => file.endsWith('.ts') && !KEPT.has(file))
      .flatMap((file) => {
        const text = readFileSync(join('src', file), 'utf8')
        const names = [...text.matchAll(TABLE)].map(([, name]) => name)
        const open = names.filter((name) => !text.includes(`Object.hasOwn(${name}, `))
        return open.map((name) => `${file}: ${name}`)
      })
    assert.deepEqual(found, [])
  })
})
