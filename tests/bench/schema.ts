import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { readConfig } from '../../src/config.ts'
import { openServices } from '../../src/open-services.ts'
import { publishDemo } from '../../src/petition/publishing/publish-demo.ts'
import { findRunningEmbedded } from '../../src/platform/database/embedded/start-embedded.ts'
import { migrateUp } from '../../src/platform/database/migrate.ts'
import { removeData } from './remove-data.ts'
import type { Pair } from './schema/alternate.ts'
import { formatCandidate, formatMigrated, HEADING } from './schema/format-layouts.ts'
import { AS_MIGRATED, CANDIDATES } from './schema/layouts.ts'
import { openSide } from './schema/side.ts'
import { type Turn, takeTurn } from './schema/take-turn.ts'

/**
 * Other layouts of the table of signatures, each in turn with the migrated one, by the program's own
 * statements on one connection: npm run bench -- schema [--rounds 3] [rows] [part of a layout's name]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' } },
})
const rounds = Number(values.rounds)
const rows = Number(positionals[0] ?? 200_000)
const candidates = CANDIDATES.filter(({ name }) => name.includes(positionals[1] ?? ''))
const RESULTS = fileURLToPath(new URL('../../bench-results/', import.meta.url))

const dataDir = await mkdtemp(join(tmpdir(), 'undersigned-bench-'))
const open = await openServices(readConfig({ DATA_DIR: dataDir }), null, { share: false })
const url = (await findRunningEmbedded(dataDir))!
const sql = new pg.Client(url)
try {
  await migrateUp(open.connection.db, open.connection.pool)
  await publishDemo(open.services)
  await sql.connect()
  await prepareServer()
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores; Node ${process.version}; ` +
      `${rows.toLocaleString('en')} signatures, ${rounds} rounds`,
  )
  await measureAll()
} finally {
  await sql.end()
  await open.close()
  await removeData(dataDir, open)
}
process.exit(0)

async function prepareServer(): Promise<void> {
  // It would hit whichever side's turn it is.
  await sql.query('alter system set autovacuum = off')
  await sql.query('select pg_reload_conf()')
  await sql.query("set maintenance_work_mem = '1GB'")
}

async function measureAll(): Promise<void> {
  const migrated = await openSide(sql, url, { schema: 'migrated', layout: AS_MIGRATED, rows })
  const results: { layout: string; turns: Pair<Turn>[] }[] = []
  const lines: string[] = []
  for (const layout of candidates) {
    const begun = performance.now()
    await migrated.restore()
    const candidate = await openSide(sql, url, { schema: 'candidate', layout, rows })
    const turns: Pair<Turn>[] = []
    for (let round = 0; round < rounds; round++) turns.push(await takeTurn([migrated, candidate]))
    results.push({ layout: layout.name, turns })
    lines.push(formatCandidate([migrated, candidate], turns))
    await candidate.drop()
    const seconds = (performance.now() - begun) / 1000
    console.log(
      `${layout.name}: ${seconds.toFixed(0)} s, ${candidate.madeIn.toFixed(0)} of them to make`,
    )
  }
  const all = results.flatMap(({ turns }) => turns.map(([ofMigrated]) => ofMigrated))
  console.log(`\nin brackets: against the migrated layout in the same rounds\n\n${HEADING}`)
  console.log([formatMigrated(migrated, all), ...lines].join('\n'))
  await migrated.drop()
  await mkdir(RESULTS, { recursive: true })
  const file = `${RESULTS}schema-${new Date().toISOString().slice(0, 16).replace(':', '')}.json`
  await writeFile(file, `${JSON.stringify({ rows, rounds, results }, null, 2)}\n`)
  console.log(`\nwritten to ${file}`)
}
