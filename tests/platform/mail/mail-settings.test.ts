import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseMailbox } from '../../../src/platform/mail/mail-settings.ts'

const ADDRESS = 'sign@example.org'

for (const [text, name, address = ADDRESS] of [
  ['sign@example.org', ''],
  ['<sign@example.org>', ''],
  [' A Petition <sign@example.org> ', 'A Petition'],
  ['A Petition<sign@example.org>', 'A Petition'],
  ['"A Petition" <sign@example.org>', 'A Petition'],
  ['"Doe, Jane" <sign@example.org>', 'Doe, Jane'],
  ['Doe, Jane <sign@example.org>', 'Doe, Jane'],
  ['Petition: Baku <sign@example.org>', 'Petition: Baku'],
  ['Jane (for all) <sign@example.org>', 'Jane (for all)'],
  ['"She said \\"no\\"" <sign@example.org>', 'She said "no"'],
  ['"ours@home" <sign@example.org>', 'ours@home'],
  ["L'appel <sign@example.org>", "L'appel"],
  ['Подпиши — Imzala <sign@example.org>', 'Подпиши — Imzala'],
  ['Ü <sign@münchen.example>', 'Ü', 'sign@xn--mnchen-3ya.example'],
  ['Sign <a.b+c@Sub.Example.ORG>', 'Sign', 'a.b+c@sub.example.org'],
  ['root@localhost', '', 'root@localhost'],
] as [string, string, string?][]) {
  it(`a sender “${text}” is “${name}” at ${address}`, () => {
    assert.deepEqual(parseMailbox(text), { name, address })
  })
}
