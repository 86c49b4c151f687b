import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Database } from '../../src/database.ts'
import { type Connection, connect } from '../../src/platform/database/connect.ts'
import { chooseBinaries } from '../../src/platform/database/embedded/choose-binaries.ts'
import { migrateUp } from '../../src/platform/database/migrate.ts'
import { raiseMark, renewMark } from '../../src/restoring/database-mark.ts'
import { watchMark } from '../../src/restoring/restoring.ts'
import { makePlace, type Place } from '../scale/site/place.ts'
import {
  createDatabase,
  makeCluster,
  type Postgres,
  startPostgres,
  USER,
} from '../scale/site/postgres.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runSql } from '../support/test-database.ts'

const SETTINGS = { shared_preload_libraries: '', fsync: 'off', hot_standby: 'on' }

/** PostgreSQL `first`, its standby `second`, and that one's `third`; each acknowledges once its standby has it. */
describe('a standby becomes the primary', () => {
  let place: Place<{ postgres: string }>
  let first: Postgres
  let second: Postgres
  let third: Postgres
  /** Leads to the primary, as HAProxy does. */
  const primary = { host: '127.0.0.1', port: 0 }
  let proxy: TcpProxy
  let connection: Connection<Database>
  const files = temporaryFolder()

  const watch = (folder: string, failover: 'asynchronous' | 'synchronous' = 'synchronous') =>
    watchMark(connection.db, folder, { maxAge: 0, failover }).whyClosed
  const nowhere = join(files, 'none')
  const setStandbys = async (which: Postgres, names: string) => {
    await runSql(which.url, `alter system set synchronous_standby_names = '${names}'`)
    await runSql(which.url, 'select pg_reload_conf()')
    const { rows } = await runSql(which.url, 'show synchronous_standby_names')
    assert.equal(rows[0].synchronous_standby_names, names)
  }

  before(async () => {
    place = await makePlace({ postgres: '' })
    const { postgres } = await chooseBinaries(place.account, place.folder)
    place.programs.postgres = dirname(postgres)
    const data = await makeCluster(place, 'first')
    const seed = await startPostgres(place, 'seed', data, SETTINGS)
    await createDatabase(seed)
    const site = connect<Database>({ url: seed.url, max: 2, onError: () => {} })
    await migrateUp(site.db, site.pool)
    await site.close()
    await runSql(seed.url, `alter system set synchronous_standby_names = '*'`)
    await seed.part.stop()
    for (const name of ['second', 'third'])
      execFileSync('cp', ['-a', data, join(place.folder, name)])
    first = await startPostgres(place, 'first', data, SETTINGS)
    second = await startStandby('second', first)
    third = await startStandby('third', second)
    primary.port = first.port
    proxy = await startTcpProxy(primary)
    const url = first.url.replace(`:${first.port}/`, `:${proxy.port}/`)
    connection = connect<Database>({ url, max: 4, onError: () => {} })
    await raiseMark(connection.db, files)
  })

  after(async () => {
    await connection?.close()
    await proxy?.cut()
    for (const each of [third, second, first]) await each?.part.stop()
    await place?.remove()
  })

  async function startStandby(name: string, of: Postgres): Promise<Postgres> {
    const data = join(place.folder, name)
    await writeFile(join(data, 'standby.signal'), '')
    const from = `host=127.0.0.1 port=${of.port} user=${USER} password=${place.password}`
    return startPostgres(place, name, data, { ...SETTINGS, primary_conninfo: from })
  }

  async function replace(former: Postgres, next: Postgres): Promise<void> {
    await former.part.kill()
    await runSql(next.url, 'select pg_promote()')
    primary.port = next.port
    await proxy.cut()
    await proxy.mend()
  }

  it('it had every commit: nodes that knew the former go on by themselves, and then all do', async () => {
    const node = watch(files)
    const web = watch(nowhere)
    for (const look of [node, web]) assert.equal(await look(), null)
    await replace(first, second)
    assert.match((await watch(files, 'asynchronous')())!, /a replica that became the primary/)
    assert.match((await watch(nowhere)())!, /this node has seen nothing of the former one/)
    assert.equal(await web(), null, 'the new primary acknowledged the mark, so its standby has it')
    assert.equal(await node(), null)
    assert.equal(await watch(nowhere)(), null)
    assert.equal(await watch(files, 'asynchronous')(), null, 'the mark is renewed')
    await raiseMark(connection.db, files)
  })

  it('the former waited for no standby: what one node saw closes the site for all', async () => {
    const before = watch(files)
    assert.equal(await before(), null)
    await setStandbys(second, '')
    const node = watch(nowhere)
    assert.equal(await node(), null)
    await setStandbys(third, '')
    await replace(second, third)
    assert.match((await node())!, /waited for no standby when it was last seen/)
    assert.match((await before())!, /a node has seen a later state of it/)
    await renewMark(connection.db, 0)
    for (const look of [node, before, watch(nowhere)]) assert.equal(await look(), null)
  })

  it('the new one waits for no standby, or is a copy of something else', async () => {
    const mark = async (identity: string) =>
      runSql(third.url, `update database_mark set identity = ${identity}`)
    const promoted = `regexp_replace(identity, '[^/]*$', '00000001')`
    await mark(promoted)
    assert.match((await watch(files)())!, /waits for no standby itself/)
    await mark(`'7' || identity`)
    assert.match((await watch(files)())!, /a dump that was restored, or another server/)
  })

  it('its mark is lower than a node has seen it', async () => {
    await renewMark(connection.db, 0)
    await raiseMark(connection.db, files)
    await runSql(
      third.url,
      `update database_mark set count = count - 1, identity = regexp_replace(identity, '[^/]*$', '00000001')`,
    )
    assert.match((await watch(files)())!, /its mark is \d+, and was \d+ before/)
  })
})
