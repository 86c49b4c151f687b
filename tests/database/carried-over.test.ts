import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { migrateAndGrant } from '../../src/bring-up.ts'
import { advanceCounts, reconcileCounts } from '../../src/count/advance-counts.ts'
import { readLogRefs } from '../../src/count/logged-tally.queries.ts'
import { readLoggedCounts } from '../../src/count/read-counts.ts'
import { migrateDown } from '../../src/platform/database/migrate.ts'
import { makeToken } from '../../src/platform/link-token.ts'
import { encryptDetails } from '../../src/sealing/signer-details.ts'
import { tagFor } from '../../src/signature/mailbox.ts'
import { getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { confirm, get, withdraw } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'

const BEFORE_SUBMISSIONS = '0005_busy_tables'
const uuidOf = (number: number) => `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`

describe('signatures of the time when a form and a signature were one row', () => {
  const harness = useHarness()
  let petitionId: number
  before(async () => {
    const { site, connection, databaseUrl: url } = harness
    const petition = await getDemo(harness)
    petitionId = petition.id
    while (!(await migrateDown(connection.db)).includes('0006_submissions'));
    const add = async (id: number, state: string, columns: Record<string, string> = {}) => {
      const email = `signer-${id}@example.org`
      const r = Buffer.alloc(32, id).toString('base64')
      const person = { name: `Signer ${id}`, email, normalisedEmail: email, postcode: '' }
      const details = encryptDetails(site.keyring, { ...person, comment: '', r })
      const hex = (bytes: Buffer) => `'\\x${bytes.toString('hex')}'`
      const row: Record<string, string> = {
        id: String(id),
        created_at: `'2024-11-12T08:00Z'`,
        confirmed_at: state === 'pending' ? 'null' : `'2024-11-12T09:30Z'`,
        mailed_at: `'2024-11-12T08:01Z'`,
        petition_id: String(petitionId),
        text_version: '1',
        state: `'${state}'`,
        display: `'hidden'`,
        updates: 'false',
        consent_version: '1',
        country: `'DE'`,
        language: `'en'`,
        ref: `'friend'`,
        tag: hex(tagFor(petition, site.keyring, email)),
        details: hex(details),
        ...columns,
      }
      await runSql(
        url,
        `insert into signature (${Object.keys(row)}) overriding system value
         values (${Object.values(row)})`,
      )
      if (state === 'pending') return
      const events = state === 'confirmed' ? ['confirmed'] : ['confirmed', state]
      for (const event of events) {
        await runSql(
          url,
          `insert into tally_queue values (${petitionId}, '${event}', '2024-11-12T09:30Z', 'DE', 'en', 'direct', 'friend')`,
        )
      }
    }
    const erased = Object.fromEntries(
      ['country', 'language', 'ref', 'tag', 'details'].map((column) => [column, 'null']),
    )
    await add(1, 'pending')
    await add(2, 'confirmed')
    await runSql(url, 'insert into sealing_queue values (2)')
    for (let id = 3; id <= 9; id++) {
      await add(id, 'confirmed', { details: 'null' })
      await runSql(url, `insert into log_place values (${id}, ${id})`)
    }
    await add(10, 'voided', { details: 'null' })
    await add(11, 'withdrawn', { ...erased, withdrawn_at: `'2024-11-12T10:00Z'` })
    await add(12, 'withdrawn', { ...erased, withdrawn_at: `'2024-11-12T11:00Z'` })
    await runSql(
      url,
      `insert into public_name values (3, ${petitionId}, 'Signer 3', 'DE', '2024-11-12T09:30Z');
       insert into log_queue (petition_id, change, entry)
         values (${petitionId}, -1, 'withdraw/v1 cop29-baku 12')`,
    )
    await migrateAndGrant(connection)
    await advanceCounts(connection.db)
  })

  const rows = async (table: string) => (await runSql(harness.databaseUrl, `table ${table}`)).rows

  it(`of ${BEFORE_SUBMISSIONS} are all there, each once`, async () => {
    const { db } = harness.site
    assert.deepEqual(
      (await rows('submission')).map(({ id, confirmed }) => [id, confirmed]),
      [
        [uuidOf(1), false],
        [uuidOf(2), true],
      ],
    )
    assert.equal((await rows('signature')).length, 11)
    assert.deepEqual(
      (await rows('public_name')).map(({ signature_id }) => signature_id),
      [uuidOf(3)],
    )
    assert.deepEqual(await reconcileCounts(db), [])
  })

  it('are counted as the log has them: a withdrawal that waits for its batch stands until then', async () => {
    const { db } = harness.site
    const logged = (await readLoggedCounts(db)).get(petitionId)
    assert.deepEqual(logged, { confirmed: 10, withdrawn: 1, voided: 1, counted: 8 })
    assert.equal((await readLogRefs(db, petitionId, ['friend'])).get('friend'), 5, 'not begun anew')
    const { rows } = await sql`
      select shown::int, reference::int, changes from log_tally where dimension = 'ref'`.execute(db)
    assert.deepEqual(rows, [{ shown: 5, reference: 5, changes: 1 }])
  })

  it('can be confirmed, sealed and withdrawn', async () => {
    const { keyring, db } = harness.site
    const pending = (await rows('submission')).find(({ id }) => id === uuidOf(1))!
    const link = `/en/confirm/${makeToken(keyring, 'confirm', pending)}`
    assert.equal((await confirm(harness, link)).status, 303)
    await harness.seal()
    assert.deepEqual(await rows('submission'), [])
    assert.equal((await rows('sealed_record')).length, 2)
    const leave = await withdraw(harness, 'signer-3@example.org')
    assert.match(await (await get(harness, leave)).text(), /is withdrawn/)
    await harness.tally()
    assert.deepEqual(await reconcileCounts(db), [])
  })
})
