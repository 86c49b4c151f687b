import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { addBacklog } from '../support/backlog.ts'
import { getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { openAll } from '../support/open-export.ts'
import { runProgram } from '../support/program.ts'

/** At least so many wait whenever a worker starts. */
const WAITING = 4000
const KILLS = 3
/** Killed too late: it had sealed them all before a busy machine looked. */
const MOST_TRIES = 20

describe('a worker that is killed while it seals', () => {
  const harness = useHarness()
  let records = 0
  async function fillUp(): Promise<void> {
    const { db, keyring } = harness.site
    const { id: petitionId } = await getDemo(harness)
    const count = WAITING - (await look()).waiting
    await addBacklog(db, keyring, { petitionId, count, from: records })
    records += count
  }

  const startWorker = () => runProgram(['worker'], harness.environment)

  /** Each signature is either readable and queued, or sealed and neither. */
  async function look(): Promise<{ sealed: number; waiting: number }> {
    const { rows } = await sql<{ sealed: string; waiting: string; between: string }>`
      select count(*) filter (where r.sealed is not null and b.details is null and q is null) as sealed,
             count(*) filter (where r.sealed is null and b.details is not null and q is not null) as waiting,
             count(*) filter (where (r.sealed is null) = (b.details is null)) as between
        from signature s
        left join submission b on b.id = s.id
        left join sealed_record r on r.signature_id = s.id
        left join sealing_queue q on q.signature_id = s.id`.execute(harness.site.db)
    const { sealed, waiting, between } = rows[0]!
    assert.equal(Number(between), 0)
    assert.equal(Number(sealed) + Number(waiting), records)
    return { sealed: Number(sealed), waiting: Number(waiting) }
  }

  it('leaves each record sealed exactly once or still to be sealed, wherever it was', async () => {
    let kills = 0
    for (let tries = 0; kills < KILLS; tries++) {
      assert.ok(tries < MOST_TRIES, 'none was killed in the middle')
      await fillUp()
      const worker = startWorker()
      await worker.untilRunning()
      const before = (await look()).sealed
      // Not before it has begun; then anywhere within a batch.
      while ((await look()).sealed === before && (await look()).waiting > 0) await setTimeout(20)
      await setTimeout(Math.random() * 300)
      worker.child.kill('SIGKILL')
      await worker.ended
      if ((await look()).waiting > 0) kills++
    }
    const last = startWorker()
    await last.untilRunning()
    while ((await look()).waiting > 0) await setTimeout(50)
    last.child.kill('SIGTERM')
    assert.equal((await last.ended).code, 0)
    const opened = await openAll(harness)
    assert.equal(new Set(opened.map(({ email }) => email)).size, records)
    assert.equal(opened.length, records)
  })
})
