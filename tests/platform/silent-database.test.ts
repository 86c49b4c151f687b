import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Connection, connect, takeAllTheTime } from '../../src/platform/database/connect.ts'
import { takesWrites } from '../../src/platform/database/takes-writes.ts'
import { isDatabaseAway } from '../../src/platform/database/unavailable.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

/** Noticing takes some 3.7 s; the machine that runs the tests may be busy. What hung would do so for ever. */
const NOTICED_WITHIN_MS = 60_000

describe('a connection to the database that falls silent', () => {
  let database: TestDatabase
  before(async () => {
    database = await createTestDatabase()
  })
  after(() => database.drop())

  let wire: TcpProxy
  let connection: Connection<unknown>
  let told: string[]
  beforeEach(async () => {
    const { hostname, port } = new URL(database.url)
    wire = await startTcpProxy({ host: hostname, port: Number(port || 5432) })
    const url = new URL(database.url)
    url.host = `127.0.0.1:${wire.port}`
    told = []
    connection = connect({
      url: url.href,
      max: 4,
      onError: (error) => told.push(`broke: ${error.message}`),
      onAway: () => told.push('away'),
      onBack: () => told.push('back'),
    })
  })
  afterEach(async () => {
    await wire.mend()
    await connection.close()
    await wire.cut()
  })

  const failed = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => assert.fail('this should not have worked'),
      (error: unknown) => error,
    )
  const ask = () => connection.pool.query('select 1')
  const timed = async <T>(work: () => Promise<T>) => {
    const since = performance.now()
    return { outcome: await work(), ms: performance.now() - since }
  }

  for (const spoil of ['freeze', 'swallow'] as const) {
    it(`${spoil}: statements, queued ones and a transaction fail soon, later ones at once`, async () => {
      await Promise.all(Array.from({ length: 4 }, ask))
      wire[spoil]()
      const { outcome: errors, ms } = await timed(() =>
        Promise.all([
          ...Array.from({ length: 12 }, () => failed(ask())),
          failed(connection.db.transaction().execute((trx) => sql`select 1`.execute(trx))),
        ]),
      )
      for (const error of errors) assert.ok(isDatabaseAway(error), String(error))
      assert.ok(ms < NOTICED_WITHIN_MS, `${ms} ms`)

      const later = await timed(() => Promise.all(Array.from({ length: 50 }, () => failed(ask()))))
      assert.ok(later.ms < ms / 2, `${later.ms} ms of ${ms} ms`)

      await wire.mend()
      await until(
        () =>
          ask().then(
            () => true,
            () => false,
          ),
        { withinMs: NOTICED_WITHIN_MS, complaint: 'the pool does not recover' },
      )
      assert.deepEqual(told, ['away', 'back'])
    })
  }

  it('a wire that is good again leaves dead connections behind: they are exchanged', async () => {
    await Promise.all(Array.from({ length: 4 }, ask))
    wire.swallow()
    const lost = failed(ask())
    await sleep(300)
    await wire.mend()
    assert.ok(isDatabaseAway(await lost))
    await Promise.all(Array.from({ length: 8 }, ask))
    assert.deepEqual(told, [])
  })

  it('a statement that takes long is let be, alone or in a transaction, and one that waits for a lock', async () => {
    const lock = await connection.pool.connect()
    await lock.query('begin; select pg_advisory_xact_lock(1)')
    const waiting = connection.db.transaction().execute(async (trx) => {
      await takeAllTheTime(trx)
      await sql`select pg_advisory_xact_lock(1)`.execute(trx)
    })
    await connection.pool.query('select pg_sleep(4)')
    await lock.query('commit')
    lock.release()
    await waiting
    assert.deepEqual(told, [])
  })

  it('a server without room for more connections is not away: those that there are serve', async () => {
    const role = `crowded_${process.pid}`
    await connection.pool.query(`create role ${role} login password 'crowded' connection limit 2`)
    const url = new URL(database.url)
    url.username = role
    url.password = 'crowded'
    url.host = `127.0.0.1:${wire.port}`
    const crowded = connect({
      url: url.href,
      max: 4,
      onError() {},
      onAway: () => told.push('away'),
    })
    // In turn: of several that come at once PostgreSQL may refuse more than it has to, each counting the others.
    const held = [await crowded.pool.connect(), await crowded.pool.connect()]
    for (const error of await Promise.all([1, 2].map(() => failed(crowded.pool.query('select 1')))))
      assert.ok(isDatabaseAway(error), String(error))
    for (const client of held) {
      await client.query('select 1')
      client.release()
    }
    await crowded.pool.query('select 1')
    await crowded.close()
    await until(() =>
      connection.pool.query(`drop role ${role}`).then(
        () => true,
        () => false,
      ),
    )
    assert.deepEqual(told, [])
  })

  it('a slow wire is no silent one', async () => {
    await ask()
    wire.delay(150)
    await Promise.all(Array.from({ length: 4 }, ask))
    assert.deepEqual(told, [])
  })

  it('a database that takes no writes is left: the next connection may lead to one that does', async () => {
    await connection.pool.query('create table if not exists note (id int)')
    const process = async () =>
      (await connection.pool.query('select pg_backend_pid() as pid')).rows[0].pid
    const before = await process()
    await connection.pool.query('set default_transaction_read_only = on')
    assert.ok(isDatabaseAway(await failed(connection.pool.query('insert into note values (1)'))))
    await connection.pool.query('insert into note values (1)')
    assert.notEqual(await process(), before)

    // A node that nobody sends forms to: the question of the balancer is enough.
    await connection.pool.query('set default_transaction_read_only = on')
    assert.equal(await takesWrites(connection.db), false)
    assert.equal(await takesWrites(connection.db), true)
  })

  it('fifty outages leave as many connections, timers and listeners as there were', async () => {
    await Promise.all(Array.from({ length: 4 }, ask))
    const resources = () =>
      process.getActiveResourcesInfo().filter((name) => /TCPSocket|Timeout/.test(name)).length
    const before = resources()
    for (let outage = 0; outage < 50; outage++) {
      await wire.cut()
      await Promise.all(Array.from({ length: 8 }, () => failed(ask())))
      await wire.mend()
      await Promise.all(
        Array.from({ length: 4 }, () =>
          until(
            () =>
              ask().then(
                () => true,
                () => false,
              ),
            { withinMs: NOTICED_WITHIN_MS, complaint: 'the pool does not recover' },
          ),
        ),
      )
    }
    assert.ok(connection.pool.totalCount <= 4, `${connection.pool.totalCount} connections`)
    const client = await connection.pool.connect()
    assert.ok(client.listenerCount('error') <= 3, `${client.listenerCount('error')} listeners`)
    client.release()
    // Sockets that were closed go a moment later.
    await until(() => resources() <= before + 4, {
      complaint: `${resources()} handles, ${before} before`,
    })
  })
})
