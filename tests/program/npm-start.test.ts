import assert from 'node:assert/strict'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import {
  inspectProcess,
  ownerOf,
  readPostmasterFile,
} from '../../src/platform/database/embedded/processes.ts'
import { runNpmStart } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

// Windows has no SIGTERM: there the terminal asks all its programs to end.
if (process.platform !== 'win32') {
  describe('the program, started through npm', () => {
    const folder = temporaryFolder()
    let data: string
    before(async () => {
      await chmod(folder, 0o711)
      data = join(folder, 'data', 'postgres')
    })

    /** The program and its PostgreSQL, whatever stands between them and npm. */
    async function findProcesses(): Promise<number[]> {
      const server = await inspectProcess((await readPostmasterFile(data))!.pid)
      return [ownerOf(server!)!.pid, server!.pid]
    }

    async function whoIsLeft(pids: number[]): Promise<number[]> {
      const found = await Promise.all(pids.map(inspectProcess))
      return found.flatMap((facts) => facts?.pid ?? [])
    }

    it('ends with its PostgreSQL when npm is asked to end', async () => {
      const npm = runNpmStart({
        DATA_DIR: join(folder, 'data'),
        PORT: String(await freePort()),
        INBOX_PORT: String(await freePort()),
      })
      await npm.untilRunning()
      const pids = await findProcesses()
      try {
        npm.child.kill('SIGTERM')
        await until(async () => (await whoIsLeft(pids)).length === 0)
        assert.deepEqual(await whoIsLeft(pids), [])
        assert.equal(await readPostmasterFile(data), null, 'PostgreSQL was stopped in order')
        assert.equal((await npm.ended).errors.includes('undersigned:'), false)
      } finally {
        const [program] = await whoIsLeft(pids.slice(0, 1))
        if (program) process.kill(program, 'SIGTERM')
        await npm.ended
      }
    })
  })
}
