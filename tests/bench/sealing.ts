import { mkdtemp } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setInterval } from 'node:timers'
import { sql } from 'kysely'
import { readConfig } from '../../src/config.ts'
import { generateKey } from '../../src/offline/unseal/generate-key.ts'
import { migrateUp } from '../../src/platform/database/migrate.ts'
import { createSealPool } from '../../src/sealing/seal-pool.ts'
import { readSealed } from '../../src/signature/read-sealed.ts'
import { sealBatch } from '../../src/signature/seal-batch.ts'
import { openSite } from '../../src/site.ts'
import { addBacklog } from '../support/backlog.ts'
import { TESTER } from '../support/tester.ts'
import { removeData } from './remove-data.ts'

/**
 * How fast confirmed signatures are sealed by one thread, how much memory that takes, and how long a
 * record is: npm run bench -- sealing [records]
 */
const records = Number(process.argv[2] ?? 5000)
const dataDir = await mkdtemp(join(tmpdir(), 'undersigned-bench-'))
const open = await openSite(readConfig({ DATA_DIR: dataDir }), null, { share: false })
const { db, keyring, petitions } = open.site
try {
  await migrateUp(open.connection.db, open.connection.pool)
  await open.site.publishing.publishDemo(TESTER)
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores; Node ${process.version}; ${records} records`,
  )
  for (const recipients of [1, 2, 3]) console.log(await measure(recipients))
} finally {
  await open.close()
  await removeData(dataDir, open)
}
process.exit(0)

async function measure(recipientCount: number): Promise<string> {
  await sql`truncate submission, signature, sealing_queue, sealed_record cascade`.execute(db)
  const petition = (await petitions.all())[0]!
  const recipients = Array.from({ length: recipientCount }, () => generateKey(new Date()).recipient)
  await db
    .updateTable('petition')
    .set({ settings: JSON.stringify({ ...petition.settings, recipients }) })
    .execute()
  await addBacklog(db, keyring, { petitionId: petition.id, count: records })
  const pool = createSealPool(keyring.details, 1)
  await sealBatch(db, pool, 1)
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 100)
  const first = process.memoryUsage.rss()
  const begun = performance.now()
  const lane = async () => {
    while ((await sealBatch(db, pool)).taken > 0);
  }
  await Promise.all([lane(), lane()])
  const seconds = (performance.now() - begun) / 1000
  clearInterval(watch)
  await pool.close()
  const { rows } = await sql<{ bytes: number }>`
    select avg(octet_length(sealed))::float as bytes from sealed_record`.execute(db)
  const exporting = performance.now()
  let bytes = 0
  await db.transaction().execute(async (trx) => {
    for await (const chunk of readSealed(trx, petition, new Date())) bytes += chunk.length
  })
  const exportSeconds = (performance.now() - exporting) / 1000
  const mb = (size: number) => `${Math.round(size / 1e6)} MB`
  return [
    `${recipientCount} recipient(s): ${Math.round(records / seconds)} sealed/s`,
    `${Math.round(rows[0]!.bytes)} bytes a record`,
    `memory ${mb(first)} at first, ${mb(peak)} at most`,
    `exported ${Math.round(records / exportSeconds)}/s (${mb(bytes)})`,
  ].join('; ')
}
