import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { type Program, runProgram } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

describe('several web processes behind one port', () => {
  let database: TestDatabase
  const folder = temporaryFolder()
  let port: number
  let environment: Record<string, string>
  before(async () => {
    database = await createTestDatabase()
    port = await freePort()
    environment = {
      DATABASE_URL: database.url,
      DATA_DIR: folder,
      SMTP_URL: 'smtp://127.0.0.1:1',
      PORT: String(port),
      WEB_PROCESSES: '2',
    }
  })
  after(async () => {
    await database.drop()
  })

  const figures = () => fetch(`http://127.0.0.1:${port}/metrics`).then((answer) => answer.text())
  const asked = (text: string, route: string) => {
    const counted = new RegExp(
      `^http_request_duration_seconds_count\\{.*route="${route}".*\\} (\\d+)`,
      'm',
    )
    return Number(counted.exec(text)?.[1] ?? 0)
  }

  it('answer as one, are counted as one, and one that ends is replaced', async () => {
    const program: Program = runProgram(['web'], environment)
    try {
      await program.untilRunning()
      assert.equal(program.output().match(/is running/g)?.length, 1)
      await until(async () => (await childrenOf(program)).length === 2)
      const [doomed, other] = await childrenOf(program)
      // A process that is there may not listen to the others yet.
      await until(async () => (await figures()) !== '')
      // Connections are handed round in turn, and each asks once: all must be counted, whoever is asked.
      const before = asked(await figures(), '/healthz')
      for (let nth = 0; nth < 6; nth++) {
        const headers = { connection: 'close' }
        assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`, { headers })).status, 200)
      }
      assert.equal(asked(await figures(), '/healthz'), before + 6)
      process.kill(doomed!, 'SIGKILL')
      await until(async () => {
        const children = await childrenOf(program)
        return children.length === 2 && !children.includes(doomed!)
      })
      assert.ok((await childrenOf(program)).includes(other!))
    } finally {
      program.child.kill('SIGTERM')
    }
    const { code } = await program.ended
    assert.equal(code, 0)
    await assert.rejects(figures())
  })

  it('that can’t start say why once', async () => {
    const holder = runProgram(['web'], environment)
    await holder.untilRunning()
    const late = await runProgram(['web'], environment).ended
    holder.child.kill('SIGTERM')
    await holder.ended
    assert.equal(late.code, 1)
    assert.match(late.errors, /^undersigned: port \d+ is taken: [^\n]+\n$/)
  })
})

/** On Linux, by what the kernel says. */
async function childrenOf({ child }: Program): Promise<number[]> {
  const path = `/proc/${child.pid}/task/${child.pid}/children`
  return (await readFile(path, 'utf8')).trim().split(' ').filter(Boolean).map(Number)
}
