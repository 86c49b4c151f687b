import { Argument, type Command } from 'commander'
import { readConfig } from './config.ts'
import { openServices } from './open-services.ts'
import { listMigrations, migrateDown, migrateUp } from './platform/database/migrate.ts'

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('the database schema; start brings it up by itself')
    .addArgument(new Argument('[direction]').choices(['up', 'down', 'status']).default('up'))
    .action(async (direction: 'up' | 'down' | 'status') => {
      const opened = await openServices(readConfig(process.env), null, { share: true })
      try {
        await run(direction, opened.direct)
      } finally {
        await opened.close()
      }
    })
}

async function run(
  direction: 'up' | 'down' | 'status',
  { db, pool }: Awaited<ReturnType<typeof openServices>>['direct'],
): Promise<void> {
  if (direction === 'status') {
    for (const { name, executedAt } of await listMigrations(db)) {
      console.log(`${name}\t${executedAt?.toISOString() ?? 'pending'}`)
    }
    return
  }
  const done = direction === 'up' ? await migrateUp(db, pool) : await migrateDown(db)
  const word = direction === 'up' ? 'applied' : 'taken back'
  for (const name of done) console.log(`${name} ${word}`)
  if (done.length === 0) console.log('Nothing to do.')
}
