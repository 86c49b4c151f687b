import { randomBytes } from 'node:crypto'
import { runSql, withDatabase } from './sql.ts'

export interface TestDatabase {
  url: string
  drop(): Promise<void>
}

/** A database of this test file's own, cloned from the migrated template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_SERVER_URL
  const template = process.env.TEST_TEMPLATE
  if (!server || !template) {
    throw new Error('run tests with "npm test -- PART-OF-THE-PATH": it starts their database')
  }
  const name = `undersigned_test_${randomBytes(6).toString('hex')}`
  await runSql(server, `create database ${name} template ${template}`)
  return {
    url: withDatabase(server, name),
    drop: async () => {
      await runSql(server, `drop database if exists ${name} with (force)`)
    },
  }
}
