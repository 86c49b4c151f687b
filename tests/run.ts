import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../src/database.ts'
import { connect } from '../src/platform/database/connect.ts'
import { startEmbedded } from '../src/platform/database/embedded/start-embedded.ts'
import { migrateUp } from '../src/platform/database/migrate.ts'
import { missingPackages } from './proxies/open-place.ts'
import { runSql, withDatabase } from './support/test-database.ts'

/**
 * Runs the tests, all or those whose path holds an argument: `npm test -- withdraw`. They get a real
 * PostgreSQL: TEST_DATABASE_URL's (a role that may create databases), else one started here. Its
 * schema is migrated once, as the template that every test file clones. Those of tests/proxies/ need Debian
 * packages: where these are missing, "all" leaves them out, says so at the end, and to ask for them fails.
 */
const PROXIES = join('tests', 'proxies')
const TEMPLATE = `undersigned_template_${process.pid}`
const CONCURRENCY = 2
/** A test that hangs is a failure, not a night without a result. */
const TIMEOUT_MS = 300_000

async function main(): Promise<number> {
  const server = await openServer()
  const template = withDatabase(server.url, TEMPLATE)
  try {
    await runSql(server.url, `create database ${TEMPLATE}`)
    const { db, pool, close } = connect<Database>({ url: template, max: 3, onError: console.error })
    await migrateUp(db, pool)
    await close()
    return await runFiles(findFiles(process.argv.slice(2)), {
      TEST_SERVER_URL: server.url,
      TEST_TEMPLATE: TEMPLATE,
    })
  } finally {
    await runSql(server.url, `drop database if exists ${TEMPLATE} with (force)`)
    await server.close()
  }
}

async function openServer(): Promise<{ url: string; close(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return { url: given, close: async () => {} }
  const dataDir = await mkdtemp(join(tmpdir(), 'undersigned-test-'))
  // As root PostgreSQL runs as another user, who must be able to pass through.
  await chmod(dataDir, 0o711)
  const embedded = await startEmbedded({ dataDir })
  return {
    url: embedded.url,
    async close() {
      await embedded.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function findFiles(parts: string[]): string[] {
  const all = readdirSync('tests', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join('tests', file))
    .sort()
  const files =
    parts.length === 0
      ? all.filter((file) => !isLeftOut(file))
      : all.filter((file) => parts.some((part) => file.includes(part)))
  if (files.length === 0) {
    console.error(`no test file's path holds ${parts.join(' or ')}`)
    process.exit(2)
  }
  return files
}

const isLeftOut = (file: string) => file.startsWith(PROXIES) && missingPackages().length > 0

function tellLeftOut(): void {
  const missing = missingPackages().join(', ')
  if (missing)
    console.log(`${PROXIES} was left out: it needs ${missing} (apt-get install, on Debian)`)
}

function runFiles(files: string[], environment: Record<string, string>): Promise<number> {
  const { NODE_ENV, DATABASE_URL, SMTP_URL, DATA_DIR, ...inherited } = process.env
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--test',
      '--test-reporter=spec',
      `--test-concurrency=${CONCURRENCY}`,
      `--test-timeout=${TIMEOUT_MS}`,
      ...files,
    ],
    { stdio: 'inherit', env: { ...inherited, ...environment } },
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
}

process.exitCode = await main()
if (process.argv.length === 2) tellLeftOut()
