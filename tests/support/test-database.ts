import { randomBytes } from 'node:crypto'
import pg from 'pg'

export interface TestDatabase {
  url: string
  drop(): Promise<void>
}

/** The roles of web and worker in every test database; tests/runner/ makes them and gives them their rights. */
export const TEST_ROLES = { web: 'undersigned_test_web', worker: 'undersigned_test_worker' }
export const TEST_PASSWORD = 'of-test-databases-alone'

/**
 * The same database for one of these roles, which logs in itself: a session that only puts on a role is another's to
 * PostgreSQL, and the role may not see what it does.
 */
export function inRole(databaseUrl: string, role: string): string {
  const url = new URL(databaseUrl)
  url.username = role
  url.password = TEST_PASSWORD
  return url.href
}

/** A database of this test file's own, cloned from the migrated template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_SERVER_URL
  const template = process.env.TEST_TEMPLATE
  if (!server || !template) {
    throw new Error('run tests with "npm test -- PART-OF-THE-PATH": it starts their database')
  }
  const name = `undersigned_test_${randomBytes(6).toString('hex')}`
  // Copied as files: quicker than page by page through the write-ahead log, PostgreSQL's choice.
  await runSql(server, `create database ${name} template ${template} strategy file_copy`)
  return {
    url: withDatabase(server, name),
    drop: async () => {
      await runSql(server, `drop database if exists ${name} with (force)`)
    },
  }
}

/** The same server's URL for another database. */
export function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** One statement on a connection of its own. */
export async function runSql(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(statement)
  } finally {
    await client.end()
  }
}
