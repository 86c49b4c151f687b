import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import {
  inspectProcess,
  readPostmasterFile,
} from '../../src/platform/database/embedded/processes.ts'
import { findRunningSite } from '../../src/platform/running-site.ts'
import { type Program, runProgram } from '../support/program.ts'
import { form } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

describe('the program, started with nothing but Node', () => {
  const folder = temporaryFolder()
  let environment: Record<string, string>
  let origin: string
  let inbox: string
  let program: Program

  before(async () => {
    await chmod(folder, 0o711)
    const port = await freePort()
    const inboxPort = await freePort()
    origin = `http://127.0.0.1:${port}`
    inbox = `http://127.0.0.1:${inboxPort}`
    environment = {
      DATA_DIR: join(folder, 'data'),
      PORT: String(port),
      INBOX_PORT: String(inboxPort),
    }
  })
  after(async () => {
    program.child.kill('SIGTERM')
    await program.ended
  })

  async function start() {
    program = runProgram(['start'], environment)
    await program.untilRunning()
  }
  const post = (url: string, fields: Record<string, string>) =>
    fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) })
  const count = async () => {
    const answer = await fetch(`${origin}/api/v1/petitions/cop29-baku`)
    return ((await answer.json()) as { signatures: { counted: number } }).signatures.counted
  }
  async function signAndConfirm(email: string) {
    assert.equal((await post(`${origin}/en/p/cop29-baku/signatures`, form({ email }))).status, 303)
    const link = await until(async () => {
      const list = await (await fetch(inbox)).text()
      const id = new RegExp(`/mail/(\\d+)"[^\\n]*${email}`).exec(list)?.[1]
      const mail = id && (await (await fetch(`${inbox}/mail/${id}`)).text())
      return mail && /href="(http[^"]*\/confirm\/[^"]*)"/.exec(mail)?.[1]
    })
    assert.equal((await post(link, { decision: 'confirm' })).status, 303)
  }

  it('names the petition page, the inbox page and how to stop', async () => {
    await start()
    assert.ok(program.output().includes(`${origin}/p/cop29-baku`))
    assert.ok(program.output().includes(inbox))
    assert.match(program.output(), /Stop\s+Ctrl-C/)
  })

  it('takes a signature, mails, confirms by the inbox page’s link, and counts by itself', async () => {
    await signAndConfirm('first@example.org')
    await until(async () => (await count()) === 1)
  })

  it('a second start with the same data is refused in one line, the first goes on', async () => {
    for (const second of [environment, { ...environment, ...(await freePorts()) }]) {
      const { code, errors } = await runProgram(['start'], second).ended
      assert.equal(code, 1)
      assert.match(errors, /^undersigned: another undersigned runs with this DATA_DIR [^\n]*\n$/)
    }
    assert.equal(await count(), 1)
  })

  it('a command in another shell uses the same database, and prints the same address', async () => {
    const { DATA_DIR } = environment as { DATA_DIR: string }
    const { code, output } = await runProgram(['petition', 'list'], { DATA_DIR }).ended
    assert.equal(code, 0)
    assert.match(output, /^cop29-baku\topen\t1\t/)
    assert.ok(output.includes(`${origin}/p/cop29-baku`), output)
    const elsewhere = { DATA_DIR, PUBLIC_URL: 'https://sign.example' }
    const told = await runProgram(['petition', 'list'], elsewhere).ended
    assert.ok(told.output.includes('https://sign.example/p/cop29-baku'), told.output)
  })

  it('SIGTERM ends it cleanly, and the next start has all data', async () => {
    program.child.kill('SIGTERM')
    const { code, errors } = await program.ended
    assert.equal(code, 0)
    assert.equal(errors, '')
    await start()
    assert.equal(await count(), 1)
  })

  it('after kill -9 in the middle of work the next start recovers by itself', async () => {
    await signAndConfirm('before-the-crash@example.org')
    program.child.kill('SIGKILL')
    await program.ended
    assert.equal(await findRunningSite(join(folder, 'data')), null)
    await start()
    await until(async () => (await count()) === 2)
    await signAndConfirm('after-the-crash@example.org')
    await until(async () => (await count()) === 3)
  })
})

describe('a start that is called off', () => {
  it('by SIGTERM in its middle leaves nothing running', async () => {
    const folder = temporaryFolder()
    await chmod(folder, 0o711)
    const data = join(folder, 'data', 'postgres')
    const program = runProgram(['start'], {
      DATA_DIR: join(folder, 'data'),
      PORT: String(await freePort()),
      INBOX_PORT: String(await freePort()),
    })
    try {
      const lock = () => readPostmasterFile(data)
      const server = await until(async () => (await lock())?.pid || null)
      program.child.kill('SIGTERM')
      assert.equal((await program.ended).code, 0)
      assert.equal(await inspectProcess(server), null)
    } finally {
      program.child.kill('SIGTERM')
    }
  })
})

describe('a start that can’t be', () => {
  const refused = async (environment: Record<string, string>, args = ['start']) =>
    runProgram(args, environment).ended
  const oneLine = /^undersigned: [^\n]+\n$/

  it('because a port is taken says which, and what to set', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const port = String((server.address() as { port: number }).port)
    const folder = temporaryFolder()
    await chmod(folder, 0o711)
    try {
      const inbox = await refused({ DATA_DIR: folder, INBOX_PORT: port })
      assert.match(inbox.errors, oneLine)
      assert.match(inbox.errors, new RegExp(`port ${port} is taken.*INBOX_PORT`))
      assert.equal(inbox.code, 1)
      const free = String(await freePort())
      const web = await refused({ DATA_DIR: folder, PORT: port, INBOX_PORT: free })
      assert.match(web.errors, oneLine)
      assert.match(web.errors, new RegExp(`port ${port} is taken.*PORT`))
      assert.equal(web.code, 1)
    } finally {
      server.close()
    }
  })

  it('because DATA_DIR is a file says so', async () => {
    const file = join(temporaryFolder(), 'data')
    await writeFile(file, '')
    const { code, errors } = await refused({ ...(await freePorts()), DATA_DIR: file })
    assert.equal(code, 1)
    assert.match(errors, oneLine)
    assert.ok(errors.startsWith(`undersigned: DATA_DIR ${file} cannot be used: a file is`), errors)
  })

  if (process.platform === 'linux') {
    for (const folder of ['/proc', '/proc/no/such']) {
      it(`because DATA_DIR is ${folder} says that it can’t be used, to root too`, async () => {
        const { code, errors } = await refused({ ...(await freePorts()), DATA_DIR: folder })
        assert.equal(code, 1)
        assert.match(errors, oneLine)
        assert.match(errors, /^undersigned: DATA_DIR \/proc\S* cannot be used: .*set DATA_DIR/)
      })
    }
  }

  it('because production lacks a setting names the first that is missing', async () => {
    const { code, errors } = await refused({ NODE_ENV: 'production' })
    assert.equal(code, 1)
    assert.match(errors, oneLine)
    assert.match(errors, /DATABASE_URL/)
  })

  it('because the database does not answer says where to look', async () => {
    const url = `postgres://nobody@127.0.0.1:${await freePort()}/none`
    const { code, errors } = await refused({
      DATABASE_URL: url,
      DATA_DIR: temporaryFolder(),
      INBOX_PORT: String(await freePort()),
    })
    assert.equal(code, 1)
    assert.match(errors, oneLine)
    assert.match(errors, /DATABASE_URL/)
  })

  it('because the command is unknown says where the usage is, and ends with 2', async () => {
    for (const [args, hint] of [
      [['sing'], 'undersigned --help'],
      [['petition', 'sing'], 'undersigned petition --help'],
      [['petition', 'publish'], 'undersigned petition publish --help'],
    ] as const) {
      const { code, errors } = await refused({}, [...args])
      assert.equal(code, 2)
      assert.match(errors, /^undersigned: (unknown command|missing required argument) '/)
      assert.ok(errors.includes(`(${hint} shows the usage)`), errors)
    }
  })
})

async function freePorts() {
  return { PORT: String(await freePort()), INBOX_PORT: String(await freePort()) }
}
