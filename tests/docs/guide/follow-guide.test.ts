import assert from 'node:assert/strict'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { followGuide } from './follow-guide.ts'
import { readGuide } from './read-guide.ts'

const PICTURES = 'docs/pictures'
const MAX_PICTURE_BYTES = 150_000
const MAX_BYTES = 1_500_000

describe('the campaigner’s guide', () => {
  it('leads from the keys to the answer by commands that run as they are written, in its order', async () => {
    const commands = await followGuide()
    const written = readGuide().flatMap((step) => (step.kind === 'command' ? [step.line] : []))
    assert.deepEqual(commands, written)
    assert.ok(commands.length > 30)
  })

  it('shows pictures that are there, and of a moderate size', () => {
    const shown = readGuide().flatMap((step) => (step.kind === 'picture' ? [step.file] : []))
    const missing = shown.filter((file) => !existsSync(join('docs', file)))
    assert.deepEqual(missing, [])
    const there = readdirSync(PICTURES).map((file) => `pictures/${file}`)
    assert.deepEqual(there.sort(), shown.sort(), 'no picture that nothing shows')
    const sizes = shown.map((file) => statSync(join('docs', file)).size)
    assert.ok(Math.max(...sizes) < MAX_PICTURE_BYTES)
    assert.ok(sizes.reduce((sum, size) => sum + size) < MAX_BYTES)
  })
})
