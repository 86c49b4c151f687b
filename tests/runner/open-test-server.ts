import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../src/database.ts'
import { connect } from '../../src/platform/database/connect.ts'
import { startEmbedded } from '../../src/platform/database/embedded/start-embedded.ts'
import { grantRights } from '../../src/platform/database/grant-rights.ts'
import { migrateUp } from '../../src/platform/database/migrate.ts'
import { RIGHTS } from '../../src/rights.ts'
import { runSql, TEST_PASSWORD, TEST_ROLES, withDatabase } from '../support/test-database.ts'

/** Nobody wants these databases after a loss of power. Tests that kill a server start one of their own. */
const IN_A_HURRY = ['fsync', 'full_page_writes']
const TEMPLATE = `undersigned_template_${process.pid}`
/** SQLSTATE `duplicate_object`. */
const DUPLICATE = '42710'

/**
 * The server of databases that `createTestDatabase` clones: TEST_DATABASE_URL's, else one started here. Its schema is
 * migrated once, as a template.
 *
 * @returns the variables that name it to `createTestDatabase`
 */
export async function openTestServer(): Promise<{
  environment: Record<string, string>
  close(): Promise<void>
}> {
  const server = await openServer()
  const close = async () => {
    await runSql(server.url, `drop database if exists ${TEMPLATE} with (force)`)
    await server.close()
  }
  try {
    await runSql(server.url, `create database ${TEMPLATE}`)
    const url = withDatabase(server.url, TEMPLATE)
    const {
      db,
      pool,
      close: disconnect,
    } = connect<Database>({ url, max: 3, onError: console.error })
    await migrateUp(db, pool)
    await makeRoles(server.url)
    await grantRights(db, TEST_ROLES, RIGHTS)
    await disconnect()
    return { environment: { TEST_SERVER_URL: server.url, TEST_TEMPLATE: TEMPLATE }, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** They belong to the server, not to a database, and stay with one that was given. */
async function makeRoles(serverUrl: string): Promise<void> {
  for (const role of Object.values(TEST_ROLES)) {
    await runSql(serverUrl, `create role ${role}`).catch((error: { code?: string }) => {
      if (error.code !== DUPLICATE) throw error
    })
    await runSql(serverUrl, `alter role ${role} login password '${TEST_PASSWORD}'`)
  }
}

async function openServer(): Promise<{ url: string; close(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return { url: given, close: async () => {} }
  const dataDir = await mkdtemp(join(tmpdir(), 'undersigned-test-'))
  // As root PostgreSQL runs as another user, who must be able to pass through.
  await chmod(dataDir, 0o711)
  const embedded = await startEmbedded({ dataDir })
  for (const setting of IN_A_HURRY) await runSql(embedded.url, `alter system set ${setting} = off`)
  await runSql(embedded.url, 'select pg_reload_conf()')
  return {
    url: embedded.url,
    async close() {
      await embedded.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
