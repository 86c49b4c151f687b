import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { startJobs } from '../../src/jobs/start-jobs.ts'
import { useFreshHarness } from '../support/harness.ts'
import { sign } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'
import {
  MOODS,
  type Mood,
  startUnrulyMailServer,
  type UnrulyMailServer,
} from '../support/unruly-mail-server.ts'
import { until } from '../support/until.ts'
import { useMailServer } from '../support/use-mail-server.ts'

/** Each that hangs did so for a minute on each of five connections. */
const WITHIN_MS = 55_000

describe('recipients whose server does not answer', () => {
  const harness = useFreshHarness()
  let server: UnrulyMailServer
  let jobs: { stop(): Promise<void> }
  let moods: (address: string) => Mood

  beforeEach(async () => {
    server = await startUnrulyMailServer()
    server.behave((step, address) => MOODS[moods(address)](step, address))
    useMailServer(harness, server.url)
  })
  afterEach(async () => {
    await jobs.stop()
    await server.goAway()
  })

  const begin = async () => {
    jobs = await startJobs(harness.site, harness.connection.pool)
  }
  const taken = (isOf: (address: string) => boolean) => new Set(server.taken.filter(isOf)).size

  async function signAll(addresses: string[]) {
    for (let at = 0; at < addresses.length; at += 20) {
      await Promise.all(addresses.slice(at, at + 20).map((email) => sign(harness, { email })))
    }
  }

  /** One in eight hangs, each at a domain of its own, as mistyped addresses do. */
  const crowd = (size: number) =>
    Array.from({ length: size }, (_, nth) =>
      nth % 8 === 3 ? `lost@hangs-${nth}.example` : `signer-${nth}@mail-${nth % 5}.example`,
    )

  const isReached = (address: string) => address.startsWith('signer')

  for (const mood of ['hang at RCPT', 'hang after content'] as const) {
    it(`(“${mood}”) hold up nobody else, and no end of the worker`, async () => {
      moods = (address) => (isReached(address) ? 'take' : mood)
      await signAll(crowd(64))
      await begin()
      await until(() => taken(isReached) === 56, { withinMs: WITHIN_MS })
      assert.ok(server.mostOpen() <= 5, 'the relay allows five connections')
      assert.ok(server.taken.filter(isReached).length === 56, 'nobody was mailed twice')
      const stopping = performance.now()
      await jobs.stop()
      assert.ok(performance.now() - stopping < 12_000)
      const [{ leases }] = (
        await runSql(harness.databaseUrl, 'select count(*)::int as leases from mail_lease')
      ).rows
      assert.equal(leases, 0, 'what was cut is written down')
    })
  }

  it('keep no other job waiting', async () => {
    moods = () => 'hang at RCPT'
    await signAll(Array.from({ length: 40 }, (_, nth) => `lost-${nth}@hangs-${nth}.example`))
    await begin()
    await until(() => server.asked.length >= 5)
    await runSql(harness.databaseUrl, `select graphile_worker.add_job('erase-unconfirmed')`)
    const waiting = `select from graphile_worker.jobs where task_identifier = 'erase-unconfirmed'`
    await until(async () => (await runSql(harness.databaseUrl, waiting)).rowCount === 0, {
      withinMs: WITHIN_MS,
    })
  })
})
