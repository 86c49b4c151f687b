import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { chmod, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { readConfig } from '../../src/config.ts'
import type { Database } from '../../src/database.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { connect } from '../../src/platform/database/connect.ts'
import { migrateUp } from '../../src/platform/database/migrate.ts'
import { checkBackup } from '../../src/restoring/read-backup.ts'
import { restoreBackup } from '../../src/restoring/restore-backup.ts'
import { openSite } from '../../src/site.ts'
import { useHarness } from '../support/harness.ts'
import { backUp, makeBackupKey, makeMachine, restore } from '../support/restored-site.ts'
import { signAndConfirm } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runSql } from '../support/test-database.ts'
import { TESTER } from '../support/tester.ts'

const run = promisify(execFile)

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('the file of a backup', () => {
  const harness = useHarness()
  const { identity, recipient } = makeBackupKey()
  const other = makeBackupKey()
  let file: string
  before(async () => {
    for (const email of ['one@example.org', 'two@example.org'])
      await signAndConfirm(harness, { email })
    await harness.sequence()
    // Several chunks of age's 64 kB, and letters that COPY escapes.
    await runSql(
      harness.databaseUrl,
      `create table its_own (id int, text text);
       insert into its_own select n, E'tab\\t line\\n backslash\\\\ ' || md5(random()::text) || md5(random()::text)
         from generate_series(1, 5000) n`,
    )
    file = await backUp(harness, recipient)
  })

  const check = (path: string, key = identity) => checkBackup(path, [key], () => {})

  async function copyOf(change: (path: string, size: number) => Promise<unknown>) {
    const path = join(temporaryFolder(), 'copy.age')
    await writeFile(path, await readFile(file))
    await change(path, (await stat(path)).size)
    return path
  }

  it('tells what is in it, is for its owner alone, and holds no name in the clear', async () => {
    const { manifest, secrets, rows } = await check(file)
    assert.equal(manifest.log!.signed, 7)
    assert.equal(rows.get('signature'), 2)
    assert.equal(rows.get('its_own'), 5000)
    assert.deepEqual(Object.keys(secrets).slice(0, 2), ['secret-key', 'log-key'])
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    const bytes = await readFile(file)
    for (const word of ['example.org', 'COPY', 'PGDMP', secrets['secret-key']!.trim()]) {
      assert.equal(bytes.includes(word), false, word)
    }
  })

  it('opens with the key of its recipient only', async () => {
    await assert.rejects(check(file, other.identity), /none of the keys opens .*another recipient/)
  })

  it('is refused whole when a byte of it is another, or its end is missing', async () => {
    const flip = (at: (size: number) => number) =>
      copyOf(async (path, size) => {
        const handle = await open(path, 'r+')
        const byte = Buffer.alloc(1)
        await handle.read(byte, 0, 1, at(size))
        byte[0]! ^= 1
        await handle.write(byte, 0, 1, at(size))
        await handle.close()
      })
    const broken = [
      await flip((size) => size - 40),
      await flip((size) => Math.floor(size / 2)),
      await flip(() => 30),
      await copyOf((path, size) => truncate(path, size - 1)),
      await copyOf((path, size) => truncate(path, Math.floor(size / 2))),
      await copyOf((path) => truncate(path, 0)),
    ]
    for (const path of broken) {
      await assert.rejects(check(path), /is damaged, cut off or no backup|none of the keys/, path)
    }
    const machine = await makeMachine(harness)
    try {
      await assert.rejects(restore(broken[3]!, identity, machine), /damaged/)
      const { rows } = await runSql(
        machine.databaseUrl,
        `select from pg_class where relnamespace = 'public'::regnamespace`,
      )
      assert.equal(rows.length, 0, 'nothing was changed')
    } finally {
      await machine.drop()
    }
  })

  const tools = ['age', 'pg_restore', 'tar'].filter((tool) => !isInstalled(tool))
  const skip = tools.length > 0 && `${tools.join(', ')} not installed`
  it('opens with age, tar and pg_restore alone', { skip }, async () => {
    const folder = temporaryFolder()
    const key = join(folder, 'key.txt')
    await writeFile(key, `${identity}\n`)
    await chmod(key, 0o600)
    await run('age', ['--decrypt', '-i', key, '-o', join(folder, 'backup.tar'), file])
    await run('tar', ['xf', join(folder, 'backup.tar'), '-C', folder])
    const pieces = (await readdir(folder))
      .filter((name) => name.startsWith('database.dump.'))
      .sort()
    const dump = join(folder, 'dump')
    await writeFile(
      dump,
      Buffer.concat(await Promise.all(pieces.map((name) => readFile(join(folder, name))))),
    )
    const machine = await makeMachine(harness)
    const { db, pool, close } = connect<Database>({
      url: machine.databaseUrl,
      max: 3,
      onError: () => {},
    })
    try {
      await migrateUp(db, pool)
      await runSql(machine.databaseUrl, 'create table its_own (id int, text text)')
      await run('pg_restore', [
        '--data-only',
        '--exit-on-error',
        '--dbname',
        machine.databaseUrl,
        dump,
      ])
      const count = (table: string) =>
        runSql(machine.databaseUrl, `select count(*)::int from ${table}`)
      assert.equal((await count('signature')).rows[0].count, 2)
      for (const table of ['sealed_record', 'log_state', 'petition', 'its_own']) {
        const sum = `select md5(string_agg(t::text, '/' order by t::text)) from ${table} t`
        const there = await runSql(machine.databaseUrl, sum)
        assert.deepEqual(there.rows, (await runSql(harness.databaseUrl, sum)).rows, table)
      }
    } finally {
      await close()
      await machine.drop()
    }
  })

  it('is never restored over what another program keeps, whoever gives their word', async () => {
    const machine = await makeMachine(harness)
    await runSql(machine.databaseUrl, 'create table customers (id int)')
    const open = await openSite(readConfig(machine.environment), null, { share: true })
    try {
      const backup = { path: file, identities: [identity], onBytes: () => {} }
      const given = { replace: 'petitions.test', host: 'petitions.test' }
      await assert.rejects(
        restoreBackup({ ...open, clock: systemClock, by: TESTER }, backup, given),
        /such as the table customers/,
      )
      await runSql(machine.databaseUrl, 'select from customers')
    } finally {
      await open.close()
      await machine.drop()
    }
  })
})
