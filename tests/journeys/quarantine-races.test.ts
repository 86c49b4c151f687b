import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { withholdSignatures } from '../../src/log/enqueue-entry.ts'
import { insertQueued, takeQueued } from '../../src/log/store/log-queue.ts'
import type { Petition } from '../../src/petition/petition.ts'
import { HOUR, MINUTE } from '../../src/platform/clock.ts'
import { QuarantineError } from '../../src/scrutiny/quarantine.ts'
import { withdrawSignature } from '../../src/signature/withdraw-signature.ts'
import { getDemo } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { agreed, TESTER } from '../support/tester.ts'
import { until } from '../support/until.ts'

/** Three batches. */
const SIGNATURES = 1300
const RULE = { traits: { country: ['FR'] }, since: null, until: null }
const STARTED = { rule: RULE, reason: 'bot' as const, isStanding: false, by: TESTER, agree: agreed }

describe('decisions on a quarantine, at the same moment', () => {
  const harness = useFreshHarness()
  let petition: Petition
  const db = () => harness.site.db
  const scrutiny = () => harness.site.scrutiny
  beforeEach(async () => {
    petition = await getDemo(harness)
    await sql`
      with made as materialized (select gen_random_uuid() as id from generate_series(1, ${SIGNATURES})),
      noted as (
        insert into trait (id, petition_id, received_at, country, language, again, name, client)
          select id, ${petition.id}, ${harness.clock.now()}, 'FR', 'en', false, 'latin 2 proper', 'other other none'
            from made)
      insert into signature (id, confirmed_at, petition_id, text_version, country, language, tag)
        select id, ${harness.clock.now()}, ${petition.id}, 1, 'FR', 'en', sha256(id::text::bytea) from made`.execute(
      db(),
    )
  })
  const heldByEnded = async () => {
    const { rows } = await sql<{ held: number }>`
      select count(*)::float8 as held from quarantined d join quarantine q on q.id = d.quarantine_id
       where q.ended_at is not null`.execute(db())
    return rows[0]!.held
  }
  const held = async () =>
    (await scrutiny().list(petition)).map(({ signatures, endedAt }) => [
      signatures,
      endedAt !== null,
    ])
  /** The first of those in quarantine leaves: its row is held until the returned function is called. */
  async function beginToLeave() {
    const first = await db()
      .selectFrom('quarantined')
      .select('signature_id')
      .orderBy('signature_id')
      .limit(1)
      .executeTakeFirstOrThrow()
    const leaving = makeGate()
    const asked = makeGate()
    const done = db()
      .transaction()
      .execute(async (trx) => {
        await withdrawSignature(trx, harness.site, petition, first.signature_id)
        asked.resolve()
        await leaving.promise
      })
    await asked.promise
    return () => {
      leaving.resolve()
      return done
    }
  }

  it('release while it is still taking leaves none behind', async () => {
    const freed = makeGate()
    const locked = makeGate()
    const holding = db()
      .transaction()
      .execute(async (trx) => {
        await sql`select from signature order by id desc limit 1 for update`.execute(trx)
        locked.resolve()
        await freed.promise
      })
    await locked.promise
    let releasing: Promise<number> | null = null
    const starting = scrutiny().start(petition, STARTED, (taken) => {
      if (taken < 1000) return
      releasing ??= db()
        .selectFrom('quarantine')
        .select('id')
        .executeTakeFirstOrThrow()
        .then(({ id }) => scrutiny().release(petition, id, TESTER))
    })
    await sleep(600)
    freed.resolve()
    await Promise.all([holding, starting])
    await releasing
    assert.equal(await heldByEnded(), 0)
  })

  it('a void that is planned during a release is heeded: of two decisions the later one holds', async () => {
    const { id } = await scrutiny().start(petition, STARTED)
    let planned: Date | null = null
    const betweenBatches = async () => {
      planned ??= await scrutiny().planVoid(petition, id, TESTER, agreed)
    }
    const releasing = scrutiny().release(petition, id, TESTER, betweenBatches)
    await assert.rejects(releasing, /decided meanwhile to void/)
    assert.ok(planned)
    const [left] = await scrutiny().list(petition)
    assert.ok(left!.signatures > 0 && left!.endedAt === null && left!.voidAt !== null)
    harness.clock.move(HOUR + MINUTE)
    assert.equal(await scrutiny().keepQuarantines(), left!.signatures)
    assert.deepEqual(await held(), [[0, true]])
  })

  it('release goes on to the last when a signer leaves meanwhile', async () => {
    const { id, signatures } = await scrutiny().start(petition, STARTED)
    assert.equal(signatures, SIGNATURES)
    const leave = await beginToLeave()
    const releasing = scrutiny().release(petition, id, TESTER)
    await sleep(300)
    await leave()
    assert.equal(await releasing, SIGNATURES - 1)
    assert.deepEqual(await held(), [[0, true]])
  })

  it('voiding goes on to the last when a signer leaves meanwhile', async () => {
    const { id } = await scrutiny().start(petition, STARTED)
    await scrutiny().planVoid(petition, id, TESTER, agreed)
    harness.clock.move(HOUR + MINUTE)
    const leave = await beginToLeave()
    const voiding = scrutiny().keepQuarantines()
    await sleep(300)
    await leave()
    assert.equal(await voiding, SIGNATURES - 1)
    assert.deepEqual(await held(), [[0, true]])
  })

  it('one that comes too late is told so, and nothing is noted of it', async () => {
    const { id } = await scrutiny().start(petition, STARTED)
    const ending = makeGate()
    const locked = makeGate()
    const ended = db()
      .transaction()
      .execute(async (trx) => {
        await trx
          .updateTable('quarantine')
          .set({ ended_at: harness.clock.now() })
          .where('id', '=', id)
          .execute()
        locked.resolve()
        await ending.promise
      })
    await locked.promise
    const late = assert.rejects(scrutiny().release(petition, id, TESTER), QuarantineError)
    await sleep(200)
    ending.resolve()
    await ended
    await late
    const notes = await db().selectFrom('action').select('what').execute()
    assert.ok(!notes.some(({ what }) => what === 'quarantine release'))
  })

  it('and a batch of the log take queued entries in one order: neither waits for the other for ever', async () => {
    const ids = ['a', 'b', 'c', 'd'].map(
      (digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`,
    )
    const [a, b, c, d] = ids
    await db().deleteFrom('log_queue').execute()
    const row = { petitionId: petition.id, change: 1 as const, counted: null }
    const entry = Buffer.from('an entry')
    await insertQueued(
      db(),
      [a, b, c, d].map((id) => ({ ...row, signatureId: id!, entry })),
    )
    const free = makeGate()
    const locked = makeGate()
    const holding = db()
      .transaction()
      .execute(async (trx) => {
        await sql`select from log_queue where signature_id = ${d} for update`.execute(trx)
        locked.resolve()
        await free.promise
      })
    await locked.promise
    const withheld = db()
      .transaction()
      .execute((trx) => withholdSignatures(trx, [c!, d!, b!]))
    const isHeldUp = sql`select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
    await until(async () => (await isHeldUp.execute(db())).rows.length > 0)
    const taken = db()
      .transaction()
      .execute((trx) => takeQueued(trx, 3, null))
    await sleep(200)
    free.resolve()
    await Promise.all([holding, withheld])
    assert.deepEqual(
      (await taken).map(({ signatureId }) => signatureId),
      [a],
    )
  })
})

describe('an alert', () => {
  const harness = useFreshHarness()

  it('is opened with the job that mails it, or not at all', async () => {
    const petition = await getDemo(harness)
    const { db } = harness.site
    const end = Math.floor(harness.clock.now().getTime() / HOUR) * HOUR
    const hours = Array.from({ length: 30 }, (_, nth) => new Date(end - (nth + 2) * HOUR))
    for (const hour of hours) {
      const all = { petition_id: petition.id, hour, trait: 'forms', value: 'all', forms: 20 }
      await db
        .insertInto('trait_hour')
        .values([all, { ...all, trait: 'country', value: 'AZ' }])
        .execute()
    }
    const hour = new Date(end - HOUR)
    const all = { petition_id: petition.id, hour, trait: 'forms', value: 'all', forms: 60 }
    await db
      .insertInto('trait_hour')
      .values([all, { ...all, trait: 'country', value: 'FR' }])
      .execute()
    harness.clock.move(10 * MINUTE)
    const rename = (from: string, to: string) =>
      sql`alter function ${sql.raw(from)} rename to ${sql.raw(to)}`.execute(harness.connection.db)
    await rename('graphile_worker.add_job', 'mislaid')
    await assert.rejects(harness.site.scrutiny.lookForAnomalies())
    await rename('graphile_worker.mislaid', 'add_job')
    harness.clock.move(MINUTE)
    const opened = await harness.site.scrutiny.lookForAnomalies()
    assert.deepEqual(
      opened.map(({ trait, value }) => `${trait}=${value}`),
      ['country=FR'],
    )
  })
})

function makeGate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((open) => {
    resolve = open
  })
  return { promise, resolve }
}
