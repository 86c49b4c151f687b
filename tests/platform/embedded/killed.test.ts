import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  findRunningEmbedded,
  startEmbedded,
} from '../../../src/platform/database/embedded/start-embedded.ts'
import { type Installation, installOwner } from './support/installation.ts'
import { weAreRoot } from './support/people.ts'
import { isGone, query, runOwner, serverPid } from './support/run-owner.ts'
import { removeFolder, temporaryFolder } from './support/temporary.ts'
import { undoAfter } from './support/undo.ts'

let installed: string
let installation: Installation

before(async () => {
  installed = await mkdtemp(join(weAreRoot ? '/tmp' : tmpdir(), 'undersigned-test-program-'))
  await chmod(installed, 0o755)
  installation = await installOwner(installed)
})
after(() => removeFolder(installed))

test('a server whose owner was killed is replaced, and what was committed is there', async (t) => {
  const dataDir = await temporaryFolder(t)
  const owner = runOwner(t, installation, dataDir)
  const { url } = await owner.report()
  await query(url, 'create table kept as select 1 as number')
  assert.equal(await findRunningEmbedded(dataDir), url)

  await owner.kill()
  const orphan = await serverPid(dataDir)
  assert.ok(!(await isGone(orphan)), 'PostgreSQL outlives its owner')
  assert.equal(await findRunningEmbedded(dataDir), null, 'nobody owns it')

  const next = await startEmbedded({ dataDir })
  undoAfter(t, next.stop)
  assert.ok(await isGone(orphan))
  assert.deepEqual(await query(next.url, 'select number from kept'), [[1]])
})

test('after a kill of owner and server, the next start recovers', async (t) => {
  const dataDir = await temporaryFolder(t)
  const owner = runOwner(t, installation, dataDir)
  const { url } = await owner.report()
  await query(url, 'create table kept as select 2 as number')
  const server = await serverPid(dataDir)
  process.kill(server, 'SIGKILL')
  await owner.kill()
  assert.ok(await isGone(server, 2_000))
  assert.equal(await serverPid(dataDir), server, 'the lock file is stale')

  const next = await startEmbedded({ dataDir })
  undoAfter(t, next.stop)
  assert.deepEqual(await query(next.url, 'select number from kept'), [[2]])
})

test('processes that survive their killed server do not bar the next start', async (t) => {
  const dataDir = await temporaryFolder(t)
  const first = await startEmbedded({ dataDir })
  await query(first.url, 'create table kept as select 3 as number')
  // Busy without ever waiting, a backend does not notice that its server is gone.
  const busy = query(first.url, 'select count(*) from generate_series(1, 100000000000)').catch(
    () => {},
  )
  let backend: unknown
  while (!backend) {
    const rows = await query(
      first.url,
      "select pid from pg_stat_activity where query like '%generate_series(1%' and pid <> pg_backend_pid()",
    )
    backend = rows[0]?.[0]
  }
  process.kill(await serverPid(dataDir), 'SIGKILL')
  await sleep(100)
  assert.ok(!(await isGone(Number(backend))), 'the backend is still at work')

  const next = await startEmbedded({ dataDir })
  undoAfter(t, next.stop)
  assert.ok(await isGone(Number(backend)))
  assert.deepEqual(await query(next.url, 'select number from kept'), [[3]])
  await first.stop() // of a server that is gone: must not touch the new one
  assert.deepEqual(await query(next.url, 'select number from kept'), [[3]])
  await busy
})

test('a stale lock that names an unrelated process harms neither', async (t) => {
  const dataDir = await temporaryFolder(t)
  await (await startEmbedded({ dataDir })).stop()
  // Of the server's own user, since PostgreSQL fears only those.
  const data = join(dataDir, 'postgres')
  const identity = weAreRoot ? await stat(data).then(({ uid, gid }) => ({ uid, gid })) : {}
  const bystander = spawn('sleep', ['60'], { ...identity, cwd: '/', stdio: 'ignore' })
  undoAfter(t, () => bystander.kill())
  const lock = [bystander.pid, data, 1, 1, '', '127.0.0.1', '0 0', 'ready   ', '']
  await writeFile(join(data, 'postmaster.pid'), lock.join('\n'))

  const server = await startEmbedded({ dataDir })
  undoAfter(t, server.stop)
  assert.deepEqual(await query(server.url, 'select 1'), [[1]])
  assert.ok(!(await isGone(Number(bystander.pid))), 'the bystander lives')
})

test('a first start that was killed half-way is done again', async (t) => {
  const dataDir = await temporaryFolder(t)
  const owner = runOwner(t, installation, dataDir)
  for (let waited = 0; !(await halfMade(dataDir)); waited += 5) {
    assert.ok(waited < 10_000, 'initdb begins')
    await sleep(5)
  }
  await owner.kill()
  assert.ok(!(await readdir(dataDir)).includes('postgres'))

  const server = await startEmbedded({ dataDir })
  undoAfter(t, server.stop)
  assert.deepEqual(await query(server.url, 'select 1'), [[1]])
  const left = (await readdir(dataDir)).filter((name) => name.startsWith('postgres.new-'))
  assert.deepEqual(left, [])
})

test('Ctrl-C in the terminal leaves the server to its owner', async (t) => {
  const dataDir = await temporaryFolder(t)
  const owner = runOwner(t, installation, dataDir)
  await owner.report()
  const server = await serverPid(dataDir)
  process.kill(-Number(owner.process.pid), 'SIGINT')
  assert.deepEqual(await owner.report(), { answered: true })
  assert.ok(await isGone(server))
})

/** Whether initdb has begun to write its files. */
async function halfMade(dataDir: string): Promise<boolean> {
  const [scratch] = (await readdir(dataDir)).filter((name) => name.startsWith('postgres.new-'))
  if (!scratch) return false
  const files = await readdir(join(dataDir, scratch, 'data')).catch(() => null)
  return files?.includes('PG_VERSION') ?? false
}
