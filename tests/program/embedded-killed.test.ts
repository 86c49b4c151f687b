import assert from 'node:assert/strict'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'node:test'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { readPostmasterFile } from '../../src/platform/database/embedded/processes.ts'
import { runProgram } from '../support/program.ts'
import { form } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

it('a site whose embedded PostgreSQL is killed goes on by itself, and loses nothing', async () => {
  const folder = temporaryFolder()
  await chmod(folder, 0o711)
  const port = await freePort()
  const inboxPort = await freePort()
  const dataDir = join(folder, 'data')
  const origin = `http://127.0.0.1:${port}`
  const inbox = `http://127.0.0.1:${inboxPort}`
  const program = runProgram(['start'], {
    DATA_DIR: dataDir,
    PORT: String(port),
    INBOX_PORT: String(inboxPort),
    // The same form again and again, until it is taken, is no flood here: its mail would be held for a minute.
    LIMITS: 'off',
  })
  const postmaster = async () => (await readPostmasterFile(join(dataDir, 'postgres')))?.pid
  const sign = async (email: string) => {
    const answer = await fetch(`${origin}/en/p/cop29-baku/signatures`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(form({ email })),
    })
    return answer.status
  }
  try {
    await program.untilRunning()
    assert.equal(await sign('before@example.org'), 303)
    const killed = (await postmaster())!
    process.kill(killed, 'SIGKILL')
    await until(async () => (await sign('after@example.org')) === 303)
    // A session that outlives it for a moment may have taken the form.
    await until(async () => ((await postmaster()) ?? killed) !== killed)
    await until(async () => (await fetch(`${origin}/readyz`)).status === 200)
    // Its jobs go on, too: the mail that may have waited, and the one of a form sent afterwards.
    for (const email of ['before', 'after'])
      await until(async () => (await (await fetch(inbox)).text()).includes(`${email}@example.org`))
    assert.match(program.output(), /ended by SIGKILL\): it is started again/)
  } finally {
    program.child.kill('SIGTERM')
  }
  const { code, errors } = await program.ended
  assert.equal(code, 0, errors)
  assert.equal(await readPostmasterFile(join(dataDir, 'postgres')), null, 'no server is left')
})
