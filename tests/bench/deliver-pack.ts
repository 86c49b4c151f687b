import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { readConfig } from '../../src/config.ts'
import { takeAllTheTime } from '../../src/platform/database/connect.ts'
import { migrateUp } from '../../src/platform/database/migrate.ts'
import { writeFileWhole } from '../../src/platform/files/write-out.ts'
import { openSite } from '../../src/site.ts'
import { TESTER } from '../support/tester.ts'
import { removeData } from './remove-data.ts'

/** Memory and speed of packing many records: npm run bench -- deliver-pack [records] */
const records = Number(process.argv[2] ?? 100_000)
const dataDir = await mkdtemp(join(tmpdir(), 'undersigned-bench-'))
const open = await openSite(readConfig({ DATA_DIR: dataDir }), null, { share: false })
const { db, petitions, delivery, publicLog } = open.site
try {
  await migrateUp(open.connection.db, open.connection.pool)
  await open.site.publishing.publishDemo(TESTER)
  const petition = (await petitions.all())[0]!
  await db.transaction().execute(async (trx) => {
    // No signatures behind the records: only what is read is made.
    await sql`set local session_replication_role = replica`.execute(trx)
    await takeAllTheTime(trx)
    await sql`
      insert into sealed_record (petition_id, signature_id, commitment, sealed)
      select ${petition.id}::integer, md5(n::text)::uuid, sha256(n::text::bytea),
             (select string_agg(sha256((n * 64 + i)::text::bytea), null) from generate_series(1, 22) i)
        from generate_series(1, ${records}::integer) n`.execute(trx)
    await sql`
      insert into log_queue (petition_id, signature_id, change, entry, confirmed_at, country, language)
      select ${petition.id}::integer, md5(n::text)::uuid, 1,
             convert_to('sign/v1 cop29-baku 2024-03-01T09Z ' || encode(sha256(n::text::bytea), 'base64'), 'UTF8'),
             now(), 'DE', 'en'
        from generate_series(1, ${records}::integer) n`.execute(trx)
  })
  const writer = await publicLog.openWriter()
  await publicLog.sequenceWhenDue(writer, () => true)
  await sql`vacuum analyze sealed_record, log_place`.execute(db)
  const before = process.memoryUsage.rss()
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  const out = join(dataDir, 'pack.zip')
  const begun = performance.now()
  const verifier = { name: 'verify.mjs', bytes: new Uint8Array(100_000) }
  const { certified } = await delivery.pack(
    petition,
    { verifier, by: TESTER, agree: () => true },
    {
      pack: (zip) => writeFileWhole(out, zip),
      list: (zip) => writeFileWhole(`${out}.list`, zip),
    },
  )
  const seconds = (performance.now() - begun) / 1000
  clearInterval(watch)
  const size = (await stat(out)).size + (await stat(`${out}.list`)).size
  const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
  console.log(
    `${certified} certified, ${records} records in ${seconds.toFixed(1)} s, ${mb(size)}; memory ${mb(before)} before, at most ${mb(peak)}`,
  )
} finally {
  await open.close()
  await removeData(dataDir, open)
}
