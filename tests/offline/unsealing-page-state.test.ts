import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { it } from 'node:test'

const CLIENT = 'src/offline/unsealing-page/client'
const VARIABLE = /^(?:export )?(?:let|var) .*/gm
/** A table, a list or an object at the top of a module, to the line that ends it. */
const CONTAINER =
  /^(?:export )?const \w+[^=\n]*= (?:new (?:Map|Set|WeakMap|WeakSet|Array)\b|\[|\{)(?:[^\n]*\n(?:[^\n\S][^\n]*\n)*[\])}][^\n]*|[^\n]*)/gm
const UNCHANGING = /readonly|Readonly|as const/

const files = readdirSync(CLIENT, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(`${CLIENT}/${file}`, 'utf8') }))

const found = (text: string) => [
  ...(text.match(VARIABLE) ?? []),
  ...(text.match(CONTAINER) ?? []).filter((declared) => !UNCHANGING.test(declared)),
]

it('no module of the unsealing page can keep a key or a record once everything is forgotten', () => {
  assert.ok(files.length > 20)
  assert.ok(files.flatMap(({ text }) => text.match(CONTAINER) ?? []).length > 5)
  for (const kept of [
    'let shown: Signer | null = null\n',
    'export let shown\n',
    'const names = new Map<string, Signer>()\n',
    'const opened: Signer[] = []\n',
    'export const held = {\n  signers: [],\n}\n',
  ]) {
    assert.equal(found(kept).length, 1, kept)
  }
  const kept = files.flatMap(({ file, text }) => found(text).map((line) => `${file}: ${line}`))
  assert.deepEqual(kept, [])
})
