import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { checkImports } from '../../src/commands/doctor/check-imports.ts'
import { DAY } from '../../src/platform/clock.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { runPetitionCommand } from '../support/run-command.ts'
import { agreed, TESTER } from '../support/tester.ts'
import { useImporter } from '../support/use-importer.ts'

describe('people from another site, whose petition changes or whose import does', () => {
  const harness = useFreshHarness()
  const {
    folder,
    file,
    run,
    write,
    bring,
    invite,
    work,
    tend,
    mailsTo,
    query,
    logged,
    address,
    addresses,
  } = useImporter(harness)

  it('are not taken into a petition that is archived meanwhile', async () => {
    await write(addresses(250))
    const petition = await getDemo(harness)
    const { imports, db } = harness.site
    const about = { path: file, origin: 'csv', signal: new AbortController().signal } as const
    const survey = await imports.survey(petition, { ...about, onBytes: () => {} })
    const onRows = () => sql`update petition set tag_key = null, closed_at = now()`.execute(db)
    const taken = imports.takeIn(petition, { ...about, survey, onRows }, TESTER)
    await assert.rejects(taken, /archived meanwhile/)
  })

  it('who wait while a petition is paused are forgotten after a month, and can be invited once more', async () => {
    await bring(addresses(2))
    const { output } = await invite()
    assert.match(
      output,
      /What was added now and can't be sent by \d{4}-\d\d-\d\d.*its addresses are erased/,
    )
    await harness.site.publishing.pause(DEMO, TESTER, { reason: 'organisers', words: {} })
    harness.site.petitions.drop()
    harness.clock.move(29 * DAY)
    await tend()
    assert.equal((await query('select from invitation')).length, 2)
    harness.clock.move(2 * DAY)
    await tend()
    assert.deepEqual(await query('select from invitation'), [])
    assert.equal(mailsTo(address(0)), 0)
    await harness.site.publishing.resume(DEMO, TESTER)
    harness.site.petitions.drop()
    assert.match((await invite()).output, /\nAdded: 2 invitations\./)
  })

  it('leave no address when their petition is deleted', async () => {
    await bring(addresses(2))
    await invite()
    const { output, errors } = await runPetitionCommand(harness.site, 'delete', DEMO, '--yes')
    assert.match(output, /deleted/, errors)
    for (const table of ['imported', 'invitation', 'import_mark', 'import_batch'])
      assert.deepEqual(await query(`select from ${table}`), [], table)
    await work()
    assert.equal(mailsTo(address(0)), 0)
  })

  it('of a file that was stopped are shown nowhere until it is whole', async () => {
    await bring(addresses(3))
    const petition = await getDemo(harness)
    const { imports } = harness.site
    const all = addresses(250)
    await write(all)
    const stop = new AbortController()
    const about = { path: file, origin: 'csv', signal: stop.signal } as const
    const survey = await imports.survey(petition, { ...about, onBytes: () => {} })
    const taken = imports.takeIn(petition, { ...about, survey, onRows: () => stop.abort() }, TESTER)
    await assert.rejects(taken, /the same command goes on/)
    await tend()
    await harness.sequence()
    assert.deepEqual(
      (await logged()).map((entry) => entry.split(' ')[2]),
      ['3'],
    )
    const list = await run('list', DEMO)
    assert.match(list.output, /unfinished, and shown nowhere: the same command goes on/)
    const look = () => checkImports(imports, harness.clock)
    assert.equal((await look()).state, 'ok', 'it may still be under way')
    harness.clock.move(2 * DAY)
    const { state, remedy } = await look()
    assert.equal(state, 'fault')
    assert.match(remedy!, new RegExp(`"import remove ${DEMO} 2 --yes"`))
    const out = join(folder, 'whole.jsonl')
    await run('export', DEMO, '--out', out)
    assert.equal((await readFile(out, 'utf8')).trimEnd().split('\n').length, 1 + 3)
    const again = await run('signatures', DEMO, file, '--from', 'csv', '--apply')
    assert.match(again.output, /has 247 people/, again.errors)
    await harness.sequence()
    assert.equal((await logged()).at(-1)!.split(' ')[2], '250')
  })

  it('are taken in, or their petition is deleted: neither waits for the other for ever', async () => {
    await bring(addresses(3))
    const petition = await getDemo(harness)
    const { db, publishing } = harness.site
    const { rows } = await sql<{ id: number }>`select id from import_batch`.execute(db)
    const about = { batchId: rows[0]!.id, petitionId: petition.id }
    const { holdBatch } = await import('../../src/imported/batch.queries.ts')
    let deleting: Promise<string> | null = null
    await db.transaction().execute(async (trx) => {
      await holdBatch(trx, about)
      deleting = publishing.delete(DEMO, TESTER, agreed)
      deleting.catch(() => {})
      await sleep(500)
      await sql`
        insert into imported (id, batch_id, petition_id, tag, mark, commitment, sealed)
        values (gen_random_uuid(), ${about.batchId}, ${petition.id}, 'tag', 'mark', 'a', 'b')`.execute(
        trx,
      )
    })
    assert.equal(await deleting, 'deleted')
    assert.deepEqual(await query('select from imported'), [])
  })
})
