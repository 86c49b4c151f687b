import assert from 'node:assert/strict'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { chooseAccount } from '../../../src/platform/database/embedded/account.ts'
import { chooseBinaries } from '../../../src/platform/database/embedded/choose-binaries.ts'
import { freePort, launchServer } from '../../../src/platform/database/embedded/launch-server.ts'
import {
  EmbeddedPostgresError,
  findRunningEmbedded,
  startEmbedded,
} from '../../../src/platform/database/embedded/start-embedded.ts'
import { isGone, query, serverPid } from './support/run-owner.ts'
import { temporaryFolder } from './support/temporary.ts'
import { undoAfter } from './support/undo.ts'

test('a database that is stopped and started again keeps its data', async (t) => {
  const dataDir = join(await temporaryFolder(t), 'not-yet', '.data')
  assert.equal(await findRunningEmbedded(dataDir), null)

  const first = await startEmbedded({ dataDir: relative(process.cwd(), dataDir) })
  undoAfter(t, first.stop)
  assert.equal(first.staged, null)
  assert.match(first.url, /^postgres:\/\/\w+:[\w-]{43}@127\.0\.0\.1:\d+\/undersigned$/)
  assert.equal(await findRunningEmbedded(dataDir), first.url)
  await query(first.url, 'create table kept as select 7 as number')

  const settings = await query(
    first.url,
    `select name, setting from pg_settings where name in ('listen_addresses', 'fsync',
     'unix_socket_directories', 'synchronous_commit', 'data_checksums') order by name`,
  )
  assert.deepEqual(settings, [
    ['data_checksums', 'on'],
    ['fsync', 'on'],
    ['listen_addresses', '127.0.0.1'],
    ['synchronous_commit', 'on'],
    ['unix_socket_directories', ''],
  ])
  const [locale] = await query(
    first.url,
    `select datlocprovider::text, datlocale, pg_encoding_to_char(encoding)
     from pg_database where datname = 'undersigned'`,
  )
  assert.deepEqual(locale, ['b', 'C.UTF-8', 'UTF8'])
  assert.equal((await stat(join(dataDir, 'secrets'))).mode & 0o777, 0o700)
  assert.equal((await stat(join(dataDir, 'secrets/postgres'))).mode & 0o777, 0o600)
  assert.equal((await stat(join(dataDir, 'postgres'))).mode & 0o777, 0o700)

  const pid = await serverPid(dataDir)
  await first.stop()
  await first.stop()
  assert.ok(await isGone(pid))
  assert.equal(await findRunningEmbedded(dataDir), null)
  assert.match(
    await readFile(join(dataDir, 'postgres.log'), 'utf8'),
    /database system is shut down/,
  )

  const second = await startEmbedded({ dataDir })
  undoAfter(t, second.stop)
  assert.deepEqual(await query(second.url, 'select number from kept'), [[7]])
})

test('a second start is refused while the first runs, and names its process', async (t) => {
  const dataDir = await temporaryFolder(t)
  const lines: string[] = []
  const first = await startEmbedded({ dataDir, onLog: (line) => lines.push(line) })
  undoAfter(t, first.stop)
  assert.ok(lines.some((line) => line.includes('ready to accept connections')))

  await assert.rejects(startEmbedded({ dataDir }), {
    name: 'EmbeddedPostgresError',
    message: `another undersigned runs with this DATA_DIR (process ${process.pid}); stop it or set DATA_DIR`,
  })
  assert.deepEqual(await query(first.url, 'select 1'), [[1]])
})

test('of two first starts at once, one gets the database', async (t) => {
  const dataDir = await temporaryFolder(t)
  const starts = await Promise.allSettled([startEmbedded({ dataDir }), startEmbedded({ dataDir })])
  const [winner, ...more] = starts.filter((start) => start.status === 'fulfilled')
  assert.ok(winner)
  undoAfter(t, winner.value.stop)
  assert.equal(more.length, 0)
  const [loser] = starts.filter((start) => start.status === 'rejected')
  assert.ok(loser?.reason instanceof EmbeddedPostgresError)
  assert.match(loser.reason.message, /^another undersigned runs/)
  assert.deepEqual(await query(winner.value.url, 'select 1'), [[1]])
})

test('a lost or foreign password file does not lock the owner out', async (t) => {
  const dataDir = await temporaryFolder(t)
  const first = await startEmbedded({ dataDir })
  await query(first.url, 'create table kept as select 8 as number')
  await first.stop()

  await rm(join(dataDir, 'secrets'), { recursive: true })
  const second = await startEmbedded({ dataDir })
  assert.notEqual(new URL(second.url).password, new URL(first.url).password)
  assert.deepEqual(await query(second.url, 'select number from kept'), [[8]])
  await second.stop()

  await writeFile(join(dataDir, 'secrets/postgres'), "from another's backup\n")
  const third = await startEmbedded({ dataDir })
  undoAfter(t, third.stop)
  assert.deepEqual(await query(third.url, 'select number from kept'), [[8]])
})

test('a port that somebody takes in between is given up for another', async (t) => {
  const dataDir = await temporaryFolder(t)
  await (await startEmbedded({ dataDir })).stop()
  const rival = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => rival.once('listening', resolve))
  undoAfter(t, () => new Promise((resolve) => rival.close(resolve)))
  const taken = (rival.address() as { port: number }).port

  const ports = [taken, await freePort()]
  const account = await chooseAccount(join(dataDir, 'postgres'))
  const server = await launchServer({
    data: join(dataDir, 'postgres'),
    dataDir,
    account,
    binaries: await chooseBinaries(account, dataDir),
    choosePort: async () => ports.shift() ?? 0,
  })
  undoAfter(t, server.stop)
  assert.notEqual(server.port, taken)
  assert.equal(ports.length, 0)
})
