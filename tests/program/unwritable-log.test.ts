import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { ownProgram } from '../support/own-module.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** `/dev/full` answers every write as a full disk does. */
describe('the program whose log can’t be written', { skip: process.platform !== 'linux' }, () => {
  it('because its disk is full goes on, and ends when it is asked to', async () => {
    const folder = temporaryFolder()
    await chmod(folder, 0o711)
    const port = await freePort()
    const full = openSync('/dev/full', 'w')
    const { PATH, HOME, TMPDIR } = process.env
    const child = spawn(process.execPath, ownProgram(MAIN, 'start'), {
      stdio: ['ignore', full, full],
      env: {
        ...{ PATH, HOME, TMPDIR, LOG_LEVEL: 'trace' },
        DATA_DIR: join(folder, 'data'),
        PORT: String(port),
        INBOX_PORT: String(await freePort()),
      },
    })
    const ended = once(child, 'exit')
    const isThere = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    await until(isThere)
    await setTimeout(1500)
    assert.ok(await isThere())
    child.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
  })
})
