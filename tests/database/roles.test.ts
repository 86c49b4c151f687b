import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { bringUp, migrateAndGrant } from '../../src/bring-up.ts'
import type { Database } from '../../src/database.ts'
import { type Connection, connect } from '../../src/platform/database/connect.ts'
import { grantRights } from '../../src/platform/database/grant-rights.ts'
import { migrateDown } from '../../src/platform/database/migrate.ts'
import { findLacking, findOwner, findRoles, type Part } from '../../src/platform/database/roles.ts'
import { MARKS, RIGHTS } from '../../src/rights.ts'
import {
  createTestDatabase,
  inRole,
  runSql,
  TEST_ROLES,
  type TestDatabase,
} from '../support/test-database.ts'

const OWN_TABLES = `
  select c.relname as name from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
     and c.relname not like 'kysely\\_%' order by 1`
/** The log and what is computed from it, each with a number. */
const LOG = {
  log_state: 'sequenced',
  log_bundle: 'n',
  log_tile: 'n',
  log_count: 'sequenced',
  log_tally: 'signatures',
}

/** Web and worker in roles of their own; that they can do their work is shown by every story in tests/journeys/. */
describe('the roles of web and worker', () => {
  let database: TestDatabase
  let owner: Connection<Database>
  const opened: Connection<Database>[] = []
  const open = (url: string) => {
    const connection = connect<Database>({ url, max: 2, onError: () => {} })
    opened.push(connection)
    return connection
  }
  const openAs = (part: Part) => open(inRole(database.url, TEST_ROLES[part]))
  const run = (part: Part, statement: string) =>
    runSql(inRole(database.url, TEST_ROLES[part]), statement)
  const refused = (part: Part, statement: string) =>
    assert.rejects(run(part, statement), { code: '42501' }, `${part}: ${statement}`)

  before(async () => {
    database = await createTestDatabase()
    owner = open(database.url)
  })
  after(async () => {
    await Promise.all(opened.map((each) => each.close()))
    await database.drop()
  })

  const withoutRights = async () => {
    const { rows } = await runSql(database.url, OWN_TABLES)
    return rows.map(({ name }) => name as string).filter((name) => !Object.hasOwn(RIGHTS, name))
  }

  it('have a line for each table, and a new one would be noticed', async () => {
    assert.deepEqual(await withoutRights(), [])
    await runSql(database.url, 'create table unlisted (id integer)')
    assert.deepEqual(await withoutRights(), ['unlisted'])
    await runSql(database.url, 'drop table unlisted')
  })

  it('have what their lines say, and know it', async () => {
    for (const part of ['web', 'worker'] as const) {
      assert.deepEqual(await findLacking(openAs(part).db, part, TEST_ROLES[part], RIGHTS), [])
    }
    const other = { web: 'worker', worker: 'web' } as const
    for (const part of ['web', 'worker'] as const) {
      const { table, right } = MARKS[part]
      assert.ok(RIGHTS[table as 'tally'][part].includes(right.toLowerCase()), part)
      assert.ok(!RIGHTS[table as 'tally'][other[part]].includes(right.toLowerCase()), part)
    }
    assert.deepEqual(await findRoles(owner.db, MARKS), TEST_ROLES)
  })

  it('let the worker alone write the log, and nobody delete or empty it', async () => {
    for (const [table, column] of Object.entries(LOG)) {
      await run('web', `select * from ${table}`)
      for (const statement of [
        `insert into ${table} default values`,
        `update ${table} set ${column} = 0`,
        `delete from ${table}`,
        `truncate ${table}`,
      ]) {
        await refused('web', statement)
      }
      await refused('worker', `delete from ${table}`)
      await refused('worker', `truncate ${table}`)
    }
    await refused('web', 'update log_queue set change = 1')
    await refused('web', 'insert into log_place select gen_random_uuid(), 1')
  })

  it('keep from the web what it need not read', async () => {
    await run('web', 'select signature_id, commitment from sealed_record')
    await refused('web', 'select sealed from sealed_record')
    await refused('web', 'delete from mail_count')
    await run('web', `select graphile_worker.add_job('nothing', '{"a":"secret"}')`)
    await run('web', 'select task_identifier, flags from graphile_worker.jobs')
    await refused('web', 'select payload from graphile_worker._private_jobs')
    await refused('web', `select graphile_worker.complete_jobs('{1}')`)
  })

  it('let neither change petitions, make tables, read files, or act for the other', async () => {
    for (const part of ['web', 'worker'] as const) {
      await refused(part, `update petition set slug = 'x'`)
      await refused(part, 'delete from petition_text')
      await refused(part, `insert into proved_recipient values ('age1', now())`)
      await refused(part, 'create table own (id integer)')
      await refused(part, 'create schema own')
      await refused(part, 'delete from signature')
      await refused(part, 'delete from kysely_migration')
      await refused(part, 'alter table signature add column phone text')
    }
    await refused('worker', 'insert into submission select * from submission')
    await refused('worker', 'insert into signature select * from signature')
    await refused('worker', 'select sealed from sealed_record')
  })

  it('can’t smuggle code into what runs as the owner', async () => {
    // A function of the caller's own would be found first where the search path were the caller's.
    const web = openAs('web').pool
    const client = await web.connect()
    try {
      await client.query('create temporary table _private_tasks (id integer)')
      await client.query(`select graphile_worker.add_job('nothing')`)
      const { rows } = await client.query('select count(*)::int as n from pg_temp._private_tasks')
      assert.equal(rows[0].n, 0)
    } finally {
      client.release()
    }
  })

  it('take away what a role had beside', async () => {
    await runSql(database.url, `grant all on petition to ${TEST_ROLES.web}`)
    await run('web', 'delete from petition')
    await grantRights(owner.db, TEST_ROLES, RIGHTS)
    await refused('web', 'delete from petition')
  })

  it('get what a newer release needs, and what a newer graphile-worker made anew, by a migration', async () => {
    await runSql(database.url, `revoke delete on log_place from ${TEST_ROLES.web}`)
    await migrateAndGrant(owner)
    await run('web', 'delete from log_place')
    await runSql(
      database.url,
      `do $$ declare f text; begin
         for f in select oid::regprocedure from pg_proc where proname = 'add_job' loop
           execute format('alter function %s security invoker', f);
         end loop; end $$`,
    )
    await refused('web', `select graphile_worker.add_job('nothing')`)
    await migrateAndGrant(owner)
    await run('web', `select graphile_worker.add_job('nothing')`)
    await runSql(database.url, 'create table graphile_worker._private_new (id integer)')
    await migrateAndGrant(owner)
    await run('worker', 'select from graphile_worker._private_new')
  })

  it('are refused where they are missing, own the tables, or are one', async () => {
    const grant = (roles: Parameters<typeof grantRights>[1]) => grantRights(owner.db, roles, RIGHTS)
    await assert.rejects(grant({ web: 'no"body' }), /no role no"body .*createuser/)
    const { owner: name } = (await findOwner(owner.db))!
    await assert.rejects(grant({ web: name }), /owns the tables/)
    const { web } = TEST_ROLES
    await assert.rejects(grant({ web, worker: web }), /can't share/)
  })

  it('start only on a schema that is theirs, and say in one line what is missing', async () => {
    const [web, worker] = [openAs('web'), openAs('worker')]
    assert.equal(await bringUp(web, 'web'), false)
    assert.equal(await bringUp(worker, 'worker'), false)
    assert.equal(await bringUp(owner, null), true)
    await assert.rejects(bringUp(web, null), /^[^\n]*rights of a web or worker alone[^\n]*$/)
    await assert.rejects(
      bringUp(web, 'worker'),
      /lacks rights of a worker \(.*migrate roles --worker/,
    )

    await migrateDown(owner.db)
    await assert.rejects(
      bringUp(web, 'web'),
      /^[^\n]*behind this release \(00\d\d_\w+\)[^\n]*migrate"[^\n]*$/,
    )
    assert.equal((await migrateAndGrant(owner)).length, 1)
    await bringUp(web, 'web')
    await bringUp(worker, 'worker')

    await runSql(database.url, `insert into kysely_migration values ('9999_future', 'now')`)
    await assert.rejects(bringUp(web, 'web'), /newer release \(9999_future/)
    await runSql(database.url, `delete from kysely_migration where name = '9999_future'`)
    await runSql(database.url, `revoke all on all tables in schema public from ${TEST_ROLES.web}`)
    await assert.rejects(bringUp(web, 'web'), /lacks rights of a web \(everything\)/)
  })
})
