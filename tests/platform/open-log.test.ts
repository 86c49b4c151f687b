import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { openLog } from '../../src/platform/open-log.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants

describe('the log', { skip: process.platform === 'win32' }, () => {
  it('goes on when somebody reads it again, and says how many lines are missing', async () => {
    const path = join(temporaryFolder(), 'log')
    execFileSync('mkfifo', [path])
    let reader = openSync(path, O_RDONLY | O_NONBLOCK)
    const writer = openSync(path, O_WRONLY | O_NONBLOCK)
    const read = () => {
      const bytes = Buffer.alloc(65_536)
      try {
        return bytes.toString('utf8', 0, readSync(reader, bytes))
      } catch {
        return ''
      }
    }
    const { write } = openLog(writer)
    let seen = ''
    const untilSeen = (text: string) =>
      until(() => {
        seen += read()
        return seen.includes(text)
      })
    write('first\n')
    await untilSeen('first\n')
    closeSync(reader)
    for (let line = 0; line < 5; line++) write(`missed ${line}\n`)
    // The first of them was tried, and failed; a thread does that in its own time.
    await until(() => !process.getActiveResourcesInfo().includes('FSReqCallback'))
    reader = openSync(path, O_RDONLY | O_NONBLOCK)
    seen = ''
    await until(() => {
      write('again\n')
      seen += read()
      return seen.includes('again')
    })
    assert.match(seen, /"lost":[1-9]\d*,"msg":"lines of this log were lost[^"]*EPIPE/)
    assert.ok(seen.indexOf('lost') < seen.indexOf('again'))
    closeSync(writer)
    closeSync(reader)
  })
})
