import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readSender } from '../../src/signature/mail/read-sender.ts'

it('the sender’s name and address are told apart, however MAIL_FROM has them', () => {
  const both = { name: 'A Petition', address: 'sign@example.org' }
  assert.deepEqual(readSender('A Petition <sign@example.org>'), both)
  assert.deepEqual(readSender('"A Petition" <sign@example.org> '), both)
  const alone = { name: 'sign@example.org', address: null }
  assert.deepEqual(readSender('sign@example.org'), alone)
  assert.deepEqual(readSender('<sign@example.org>'), alone)
})
