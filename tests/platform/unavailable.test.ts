import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { isDatabaseAway } from '../../src/platform/database/unavailable.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'

const errorOf = (code: string) => Object.assign(new Error('x'), { code })

describe('an error that means the database is away', () => {
  let database: TestDatabase
  before(async () => {
    database = await createTestDatabase()
  })
  after(() => database.drop())

  const connected = async (work: (client: pg.Client) => Promise<unknown>) => {
    const client = new pg.Client(database.url)
    client.on('error', () => {})
    await client.connect()
    try {
      return await work(client).then(
        () => assert.fail('this should not have worked'),
        (error: unknown) => error,
      )
    } finally {
      await client.end().catch(() => {})
    }
  }

  it('is a refused connection', async () => {
    const port = await freePort()
    for (const host of ['127.0.0.1', 'localhost']) {
      const error = await new pg.Client({ host, port }).connect().catch((reason: unknown) => reason)
      assert.equal(isDatabaseAway(error), true, host)
    }
  })

  it('is a server that never answers', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const pool = new pg.Pool({ host: '127.0.0.1', port, connectionTimeoutMillis: 50 })
    const error = await pool.query('select 1').catch((reason: unknown) => reason)
    assert.equal(isDatabaseAway(error), true, String(error))
    await pool.end()
    server.close()
  })

  it('is a pool whose connections are all in use for too long', async () => {
    const pool = new pg.Pool({
      connectionString: database.url,
      max: 1,
      connectionTimeoutMillis: 500,
    })
    const busy = await pool.connect()
    const error = await pool.query('select 1').catch((reason: unknown) => reason)
    busy.release()
    await pool.end()
    assert.equal(isDatabaseAway(error), true, String(error))
  })

  it('is a connection that breaks in the middle of a statement', async () => {
    const error = await connected(async (client) => {
      await client.query('select pg_terminate_backend(pg_backend_pid())')
      await client.query('select 1')
    })
    assert.equal(isDatabaseAway(error), true, String(error))
  })

  it('is a statement that took too long', async () => {
    const error = await connected((client) =>
      client.query('set statement_timeout = 20; select pg_sleep(10)'),
    )
    assert.equal(isDatabaseAway(error), true)
  })

  it('is a server out of connections, shutting down, starting up or broken', () => {
    for (const code of [
      '53300',
      '57P01',
      '57P02',
      '57P03',
      '58030',
      '08006',
      '25006',
      'ECONNRESET',
    ]) {
      assert.equal(isDatabaseAway(errorOf(code)), true, code)
    }
  })

  it('is one of several that came together', () => {
    const both = new AggregateError([errorOf('23505'), errorOf('ECONNREFUSED')])
    assert.equal(isDatabaseAway(both), true)
    assert.equal(isDatabaseAway(new AggregateError([errorOf('23505')])), false)
  })

  it('is not a wrong statement, a broken rule or a bug of ours', async () => {
    for (const statement of [
      'selec',
      'select * from nothing',
      "insert into petition (slug) values ('x')",
    ]) {
      assert.equal(
        isDatabaseAway(await connected((client) => client.query(statement))),
        false,
        statement,
      )
    }
    for (const error of [
      new TypeError('x is not a function'),
      new Error(''),
      null,
      'ECONNREFUSED',
      {},
    ]) {
      assert.equal(isDatabaseAway(error), false)
    }
    for (const code of ['ENOENT', '23505', '40001', '080', '5300000']) {
      assert.equal(isDatabaseAway(errorOf(code)), false, code)
    }
  })
})
