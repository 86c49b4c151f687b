import type pg from 'pg'
import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Database } from '../database.ts'
import type { Connection } from '../platform/database/connect.ts'
import { openCopyClient } from '../platform/database/copy-stream.ts'
import { loadTables } from '../platform/database/load-tables.ts'
import { hasTable, listMigrations, migrateTo, migrateUp } from '../platform/database/migrate.ts'
import { BackupError, type Manifest } from './backup-format.ts'
import { markRestored, RESTORED } from './database-mark.ts'
import { emptyDatabase, requireEmpty } from './empty-database.ts'
import { type OpenBackup, readBackup } from './read-backup.ts'

interface RestoreNeeds extends Acting {
  direct: Connection<Database>
  directUrl: string
}

/**
 * Fills an empty database from a backup that was checked whole. The rows come in one transaction; the schema
 * before it is closed like every restored database, so that a crash leaves nothing that a site would go on
 * from. After a failure the database is empty again.
 *
 * @param replace the host of the site whose data may go; null: the database has to be empty
 * @param host of the site, as the settings have it
 * @returns tables that are none of the program's
 * @throws BackupError
 */
export async function restoreBackup(
  needs: RestoreNeeds,
  file: { path: string; identities: readonly string[]; onBytes: (bytes: number) => void },
  { replace, host }: { replace: string | null; host: string },
): Promise<string[]> {
  const client = await openCopyClient(needs.directUrl)
  try {
    await requireEmpty(client, { replace, host })
    return await readBackup(file.path, file.identities, file.onBytes, async (backup) => {
      // With the backup open: what it says of itself comes first.
      await requireKnown(needs, backup.manifest)
      await emptyDatabase(client)
      try {
        return await fill(needs, client, backup)
      } catch (error) {
        await client.query('rollback')
        await emptyDatabase(client)
        throw error
      }
    })
  } finally {
    await client.end()
  }
}

async function fill(
  { direct: { db, pool }, ...acting }: RestoreNeeds,
  client: pg.Client,
  { manifest, dump }: OpenBackup,
): Promise<string[]> {
  await migrateTo(db, pool, manifest.migration)
  await requireJobsKnown(client, manifest)
  const isMarked = await hasTable(db, 'database_mark')
  if (isMarked) await markRestored(db)
  await client.query('begin')
  const passedOver = await loadTables(client, dump)
  // The backup's own mark has come with its tables.
  if (isMarked) await client.query('update database_mark set identity = $1', [RESTORED])
  await client.query('commit')
  await migrateUp(db, pool)
  await db.transaction().execute(async (trx) => {
    await markRestored(trx)
    const after = { made: manifest.made, migration: manifest.migration }
    await noteAction(trx, acting, { what: 'restore', petition: null, after })
  })
  await client.query('analyze')
  return passedOver
}

async function requireKnown({ direct }: RestoreNeeds, { migration }: Manifest): Promise<void> {
  const known = await listMigrations(direct.db)
  if (!known.some(({ name }) => name === migration)) throw newer(`migration ${migration}`)
}

async function requireJobsKnown(client: pg.Client, { jobs }: Manifest): Promise<void> {
  const { rows } = await client.query<{ known: number }>(
    'select max(id) as known from graphile_worker.migrations',
  )
  if (jobs > rows[0]!.known) throw newer(`graphile-worker's migration ${jobs}`)
}

const newer = (what: string) =>
  new BackupError(
    `the backup was made by a newer release (${what} is unknown here): restore it with that release`,
  )
