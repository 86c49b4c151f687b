import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { AuditError, readIndexes } from '../../../src/offline/audit/audit-input.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

describe('a file of entry numbers', () => {
  const folder = temporaryFolder()

  const read = async (bytes: Buffer) => {
    const file = join(folder, 'numbers.txt')
    await writeFile(file, bytes)
    return readIndexes(file)
  }

  it('is read as it is, with a byte order mark or without', async () => {
    assert.deepEqual(await read(Buffer.from('12\r\n15, 99\r\n12\r\n')), [12, 15, 99])
    assert.deepEqual(await read(Buffer.from('\ufeff12\n15\n')), [12, 15])
  })

  it('that a spreadsheet saved as "Unicode text" is refused with what converts it', async () => {
    for (const bytes of [Buffer.from('\ufeff12\n15\n', 'utf16le'), Buffer.from('12', 'utf16le')]) {
      await assert.rejects(read(bytes), (error: Error) => {
        assert.ok(error instanceof AuditError)
        assert.match(error.message, /numbers\.txt is not UTF-8 but seems to be UTF-16.*iconv -f/)
        return true
      })
    }
  })
})
