import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { readConfig } from '../../src/config.ts'
import { takeAllTheTime } from '../../src/platform/database/connect.ts'
import { migrateUp } from '../../src/platform/database/migrate.ts'
import { writeFileWhole } from '../../src/platform/files/write-out.ts'
import { readSealed } from '../../src/signature/read-sealed.ts'
import { openSite } from '../../src/site.ts'
import { TESTER } from '../support/tester.ts'
import { removeData } from './remove-data.ts'

/** Memory and speed of exporting many records: npm run bench -- export-sealed [records] */
const records = Number(process.argv[2] ?? 200_000)
const dataDir = await mkdtemp(join(tmpdir(), 'undersigned-bench-'))
const open = await openSite(readConfig({ DATA_DIR: dataDir }), null, { share: false })
const { db, petitions } = open.site
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
             decode(repeat(md5(n::text), 44), 'hex') || decode(repeat('00', 8), 'hex')
        from generate_series(1, ${records}::integer) n`.execute(trx)
  })
  // Every record has its entry, in an order of its own, under a checkpoint that nobody checks here.
  await sql`
    insert into log_place (signature_id, index)
    select md5(n::text)::uuid, row_number() over (order by sha256(n::text::bytea)) - 1
      from generate_series(1, ${records}::integer) n`.execute(db)
  await sql`
    insert into log_state (origin, vkey, root, sequenced, integrated, signed, published, published_note)
    values ('bench', 'bench', '', ${records}, ${records}, ${records}, ${records}, 'bench')`.execute(
    db,
  )
  await sql`vacuum analyze sealed_record, log_place`.execute(db)
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 50)
  const out = join(dataDir, 'export.jsonl')
  const begun = performance.now()
  await db
    .transaction()
    .execute((trx) => writeFileWhole(out, readSealed(trx, petition, new Date())))
  const seconds = (performance.now() - begun) / 1000
  clearInterval(watch)
  const { size } = await stat(out)
  console.log(
    `${records} records in ${seconds.toFixed(1)} s, ${Math.round(records / seconds)}/s, ${Math.round(size / 1e6)} MB; memory at most ${Math.round(peak / 1e6)} MB`,
  )
} finally {
  await open.close()
  await removeData(dataDir, open)
}
