import { Argument, type Command } from 'commander'
import { readConfig } from '../config.ts'
import type { Database } from '../database.ts'
import { type Connection, connect } from '../platform/database/connect.ts'
import { listMigrations, migrateDown, migrateUp } from '../platform/database/migrate.ts'
import { openDatabase, requireDatabase } from '../platform/database/open-database.ts'
import { refuseWhileUsed } from '../platform/database/refuse-while-used.ts'

/** For the lock, graphile-worker's migrations and ours. */
const POOL_SIZE = 5

const HELP = `
  up      runs every migration that has not run (the default)
  down    takes back the newest one, with all that only this release keeps; refuses while anything else is connected
  status  lists them, and when each was run

Makes tables, never a database: that is DATABASE_URL's, or one that "undersigned start" has made in DATA_DIR.`

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('the database schema; start brings it up by itself')
    .addArgument(new Argument('[direction]').choices(['up', 'down', 'status']).default('up'))
    .addHelpText('after', HELP)
    .action(async (direction: 'up' | 'down' | 'status') => {
      const config = readConfig(process.env)
      await requireDatabase(config)
      const database = await openDatabase(config, { share: true })
      const url = config.databaseDirectUrl ?? database.url
      const connection = connect<Database>({ url, max: POOL_SIZE, onError: () => {} })
      try {
        await run(direction, connection)
      } finally {
        await connection.close()
        await database.close()
      }
    })
}

async function run(
  direction: 'up' | 'down' | 'status',
  { db, pool }: Connection<Database>,
): Promise<void> {
  if (direction === 'status') {
    for (const { name, executedAt } of await listMigrations(db)) {
      console.log(`${name}\t${executedAt?.toISOString() ?? 'pending'}`)
    }
    return
  }
  if (direction === 'down') await refuseWhileUsed(pool)
  const done = direction === 'up' ? await migrateUp(db, pool) : await migrateDown(db)
  const word = direction === 'up' ? 'applied' : 'taken back'
  for (const name of done) console.log(`${name} ${word}`)
  if (done.length === 0) console.log('Nothing to do.')
}
