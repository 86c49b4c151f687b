import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { writeHeapSnapshot } from 'node:v8'
import { createDayKey } from '../../src/defence/day-key.ts'
import { createFlows } from '../../src/defence/flows.ts'
import { HOST, NET, SITE } from '../../src/defence/verdict.ts'
import { bytesByName } from '../../src/platform/budget-map.ts'
import { DAY, MINUTE } from '../../src/platform/clock.ts'
import { useFreshHarness } from '../support/harness.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('counts of forms', () => {
  const harness = useFreshHarness()
  const KEY = Buffer.alloc(32, 5)
  const node = () => {
    const { clock, site } = harness
    const dayKey = createDayKey({ db: site.db, clock, key: KEY })
    return createFlows({ db: site.db, clock, dayKey, key: KEY })
  }
  const stored = async () =>
    (await harness.connection.pool.query('select encode(key, $1) as key, level from flow', ['hex']))
      .rows

  it('run off with time', () => {
    const flows = node()
    for (let nth = 0; nth < 5; nth++) flows.add(NET, '203.0.113')
    harness.clock.move(MINUTE)
    assert.ok(Math.abs(flows.level(NET, '203.0.113') - 1) < 0.01)
    harness.clock.move(MINUTE)
    assert.equal(flows.level(NET, '203.0.113'), 0)
  })

  it('name nobody in memory, and are forgotten when they have run off', async () => {
    const flows = node()
    const address = { name: 'address', drain: 1 }
    for (let nth = 0; nth < 2000; nth++) flows.add(address, `leyla.secret.${nth}@example.org`)
    const held = () => bytesByName().get('flows')!
    assert.ok(held() > 400_000)
    const file = writeHeapSnapshot(join(temporaryFolder(), 'memory.heapsnapshot'))
    const memory = await readFile(file)
    // In parts, since the snapshot holds the source of this test, too.
    for (const nth of [0, 1999]) assert.ok(!memory.includes(['leyla', 'secret', nth].join('.')))
    harness.clock.move(DAY)
    await flows.settle()
    assert.ok(held() < 100_000, `${held()} bytes`)
  })

  it('of all nodes add up, by a hash that nobody can make again once the day’s key is gone', async () => {
    const [here, there] = [node(), node()]
    for (let nth = 0; nth < 4; nth++) {
      here.add(HOST, '203.0.113.7')
      there.add(HOST, '203.0.113.7')
    }
    await here.settle()
    await there.settle()
    assert.ok(there.level(HOST, '203.0.113.7') > 7.9)
    here.add(HOST, '203.0.113.7')
    await here.settle()
    assert.ok(here.level(HOST, '203.0.113.7') > 8.9)
    const [row, ...others] = await stored()
    assert.equal(others.length, 0)
    harness.clock.set(DAY)
    here.add(HOST, '203.0.113.7')
    await here.settle()
    const keys = (await stored()).map(({ key }) => key)
    assert.equal(keys.length, 2, 'another day, another hash')
    assert.ok(keys.includes(row.key))
    const { rows: days } = await harness.connection.pool.query('select day from flow_day')
    assert.equal(days.length, 1, 'the key of the day before is destroyed')
  })

  it('are not forgotten by a node when a day begins, or when a crash has emptied the tables', async () => {
    for (const change of ["update flow_day set day = '2024-02-29'", 'truncate flow']) {
      const flows = node()
      for (let nth = 0; nth < 50; nth++) flows.add(HOST, '203.0.113.8')
      await flows.settle()
      await harness.connection.pool.query(change)
      flows.add(HOST, '203.0.113.8')
      await flows.settle()
      assert.ok(flows.level(HOST, '203.0.113.8') > 50, change)
    }
  })

  it('of more networks than there is room for put out neither the sum of all nor the one that goes on', () => {
    const flows = node()
    const memory = process.memoryUsage().heapUsed
    for (let nth = 0; nth < 100_000; nth++) {
      flows.add(NET, `${nth} ${'x'.repeat(60)}`)
      flows.add(SITE, 'all')
      if (nth % 1000 === 0) flows.add(HOST, '203.0.113.7')
    }
    assert.equal(Math.round(flows.level(SITE, 'all')), 100_000)
    assert.equal(Math.round(flows.level(HOST, '203.0.113.7')), 100)
    assert.equal(flows.level(NET, `0 ${'x'.repeat(60)}`), 0)
    assert.ok(process.memoryUsage().heapUsed - memory < 60 * 1024 * 1024)
  })

  it('of the few forms that a household sends are written nowhere', async () => {
    const flows = node()
    flows.add(HOST, '203.0.113.7')
    flows.add(HOST, '203.0.113.7')
    await flows.settle()
    assert.deepEqual(await stored(), [])
  })

  it('go on without the database, and are told once it is back', async () => {
    const flows = node()
    for (let nth = 0; nth < 6; nth++) flows.add(HOST, '203.0.113.7')
    await harness.wire.cut()
    await assert.rejects(flows.settle())
    assert.ok(flows.level(HOST, '203.0.113.7') > 5.9)
    await harness.wire.mend()
    await flows.settle()
    assert.equal((await stored()).length, 1)
  })
})
