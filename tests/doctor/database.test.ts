import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { checkDatabaseClock } from '../../src/commands/doctor/check-clock.ts'
import {
  checkConnections,
  checkMigrations,
  checkReplica,
  checkRights,
  checkServer,
} from '../../src/commands/doctor/check-database.ts'
import {
  checkDatabaseDisk,
  checkDurability,
  checkFailover,
  checkPostgresLog,
  checkTimeLimit,
} from '../../src/commands/doctor/check-database-settings.ts'
import type { Finding } from '../../src/commands/doctor/finding.ts'
import type { Database, Db } from '../../src/database.ts'
import { HOUR, systemClock } from '../../src/platform/clock.ts'
import { connect } from '../../src/platform/database/connect.ts'
import { startEmbedded } from '../../src/platform/database/embedded/start-embedded.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { createTestDatabase, runSql, type TestDatabase } from '../support/test-database.ts'

/** On new connections: settings of a database are of the sessions that begin after it. */
async function lookAt<T>(
  url: string,
  check: (db: Db) => Promise<T>,
  { pooled = false } = {},
): Promise<T> {
  const connection = connect<Database>({ url, max: 2, pooled, onError: () => {} })
  return check(connection.db).finally(() => connection.close())
}

const setIn = (url: string, assignment: string) =>
  runSql(
    url,
    `do $$ begin execute format('alter database %I set ${assignment}', current_database()); end $$`,
  )

describe('the doctor looks at the database', () => {
  let database: TestDatabase
  before(async () => {
    database = await createTestDatabase()
  })
  after(() => database.drop())

  const look = <T>(check: (db: Db) => Promise<T>, options = {}) =>
    lookAt(database.url, check, options)
  const setting = (assignment: string) => setIn(database.url, assignment)
  const states = (findings: Finding[]) => findings.map(({ state }) => state)

  it('for room on its disk, where PostgreSQL tells its folder and that is on this machine', async () => {
    const disk = (databaseUrl: string) =>
      look((db) => checkDatabaseDisk(db, { databaseUrl, dataDir: '/' }))
    const here = await disk(database.url)
    assert.match(here.found, /free \(\d+ %\) at |tells its folder only to/)
    assert.match((await disk('postgres://db.example.org/site')).found, /it is db\.example\.org's/)
  })

  it('and finds one that is in order', async () => {
    for (const check of [checkServer, checkMigrations, checkRights, checkTimeLimit]) {
      assert.equal((await look(check)).state, 'ok', check.name)
    }
    const one = { webProcesses: 1, databaseDirectUrl: null }
    assert.equal((await look((db) => checkConnections(db, one))).state, 'ok')
    assert.equal((await look((db) => checkDatabaseClock(db, systemClock))).state, 'ok')
  })

  it('for settings that tell of signers', async () => {
    await setting('log_error_verbosity = terse')
    await setting('log_min_error_statement = panic')
    assert.deepEqual(states(await look(checkPostgresLog)), ['ok'])
    await setting('log_min_duration_statement = 500')
    assert.deepEqual(states(await look(checkPostgresLog)), ['fault'])
    await setting('log_error_verbosity = verbose')
    assert.deepEqual(states(await look(checkPostgresLog)), ['fault', 'fault'])
  })

  it('for rights that the role lacks', async () => {
    const role = `reader_${randomBytes(4).toString('hex')}`
    await runSql(
      database.url,
      `create role ${role}; grant select on all tables in schema public to ${role}`,
    )
    const url = `${database.url}?options=-c%20role%3D${role}`
    const connection = connect<Database>({ url, max: 1, onError: () => {} })
    try {
      const { state, found } = await checkRights(connection.db)
      assert.equal(state, 'fault')
      assert.match(found, new RegExp(`^${role} may not insert `))
    } finally {
      await connection.close()
      await runSql(database.url, `drop owned by ${role}; drop role ${role}`)
    }
  })

  it('for statements behind a pooler that nobody ends', async () => {
    assert.equal((await look(checkTimeLimit, { pooled: true })).state, 'fault')
  })

  it('for a failover that would lose what was acknowledged', async () => {
    assert.equal((await look(checkFailover)).state, 'fault')
  })

  it('for more connections than it admits, and a replica that is none', async () => {
    const many = { webProcesses: 60, databaseDirectUrl: null }
    assert.equal((await look((db) => checkConnections(db, many))).state, 'fault')
    assert.match((await look(checkReplica)).found, /no standby/)
  })

  it('for migrations that have not run, or are of a newer release', async () => {
    await runSql(database.url, `insert into kysely_migration values ('9999_later', now()::text)`)
    assert.match((await look(checkMigrations)).found, /of a newer release: 9999_later/)
    await runSql(
      database.url,
      `delete from kysely_migration where name = '9999_later' or name = (select max(name) from kysely_migration)`,
    )
    await runSql(
      database.url,
      `delete from kysely_migration where name = (select max(name) from kysely_migration)`,
    )
    assert.match((await look(checkMigrations)).found, /^not run: /)
  })

  it('for clocks that are apart', async () => {
    const early = { now: () => new Date(Date.now() - HOUR) }
    const finding = await look((db) => checkDatabaseClock(db, early))
    assert.equal(finding.state, 'fault')
    assert.match(finding.found, /60 minutes between this machine and the database/)
  })
})

/** The tests' own server does without fsync. */
it('the doctor finds a server durable as the program starts it, and says which setting loses signatures', async () => {
  const dataDir = temporaryFolder()
  await chmod(dataDir, 0o711)
  const { url, stop } = await startEmbedded({ dataDir })
  try {
    const durability = () => lookAt(url, checkDurability)
    assert.deepEqual(
      (await durability()).map(({ state }) => state),
      ['ok'],
    )
    await setIn(url, 'synchronous_commit = off')
    const [finding] = await durability()
    assert.equal(finding!.state, 'fault')
    assert.match(finding!.found, /synchronous_commit = off, so a crash loses signatures/)
  } finally {
    await stop()
  }
})
