import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { howMany } from '../../src/platform/terminal/how-many.ts'

/** Whose messages a person reads on a terminal. */
const ROOMS = /^(?:commands|delivery|paper|publishing|scrutiny|subscriber|update|restoring)\//
const NOUNS =
  'actions|addresses|bytes|comments|days|entries|files|forms|hours|invitations|links|mailings|mails|minutes|names|numbers|' +
  'people|petitions|pictures|records|rows|scans|sheets|signatures|signers|subscribers|texts|times|webhooks'
/** A value, at most two words, and a noun in its plural; a constant is one number, whose form is known. Slugs and hosts are names. */
const BARE = new RegExp(
  `\\$\\{(?![A-Z_]+(?:[.}]| \\/)|slug\\}|host\\}|howMany\\()[^{}]+\\} (?:[a-z]+ ){0,2}(?:${NOUNS})\\b`,
  'g',
)
const OWN = /=== 1 \?/g

describe('a number in what a command prints', () => {
  it('has its noun in the form that it asks for', () => {
    assert.equal(howMany(1, 'entry', 'entries'), '1 entry')
    assert.equal(howMany(0, 'signature'), '0 signatures')
    assert.equal(howMany(2048, 'form is', 'forms are'), '2,048 forms are')
  })

  it('has it by how-many.ts, so that nobody has to think of it', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    const found = files
      .filter((file) => ROOMS.test(file) && file.endsWith('.ts'))
      .flatMap((file) => {
        const text = readFileSync(join('src', file), 'utf8')
        return [...text.matchAll(BARE), ...text.matchAll(OWN)].map(([words]) => `${file}: ${words}`)
      })
    assert.deepEqual(found, [])
  })
})
