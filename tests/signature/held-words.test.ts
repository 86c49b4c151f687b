import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFindWords } from '../../src/signature/moderation/find-words.ts'

describe('words that hold a name or comment', () => {
  const finds = createFindWords(['qadağan', 'ИДИОТ*'])

  it('are found however they are written', () => {
    const written = ['qadağan', 'QADAĞAN', 'bu qadağan-dır', 'идиоты', 'ｉｄｉｏｔ siktir']
    for (const text of [...written, 'SİKTİR', 'Siktir', 's1kt1r', '$iktir'])
      assert.ok(finds(text), text)
  })

  it('hold no other word that they are a part of', () => {
    for (const text of ['', 'qadağanlıq', 'неидиот', 'Leyla Yunus', '…'])
      assert.ok(!finds(text), text)
  })
})
