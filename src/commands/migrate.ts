import { Argument, type Command } from 'commander'
import { noteAction } from '../actions/note-action.ts'
import { migrateAndGrant } from '../bring-up.ts'
import { readConfig } from '../config.ts'
import type { Database } from '../database.ts'
import { systemClock } from '../platform/clock.ts'
import { type Connection, connect } from '../platform/database/connect.ts'
import { grantRights, writeGrants } from '../platform/database/grant-rights.ts'
import { hasTable, listMigrations, migrateDown } from '../platform/database/migrate.ts'
import { openDatabase, requireDatabase } from '../platform/database/open-database.ts'
import { refuseWhileUsed } from '../platform/database/refuse-while-used.ts'
import { findOwner, findRoles, type Roles } from '../platform/database/roles.ts'
import { ExpectedError } from '../platform/expected-error.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { MARKS, RIGHTS } from '../rights.ts'
import { countAllHeld } from '../signature/mail/release-held.ts'
import { CommandError, thePerson } from './open-site.ts'

/** For the lock, graphile-worker's migrations and ours. */
const POOL_SIZE = 5

const HELP = `
  up      runs every migration that has not run (the default)
  down    takes back the newest one, with all that only this release keeps; refuses while anything else is connected
  status  lists them, and when each was run

Makes tables, never a database: that is DATABASE_URL's, or one that "undersigned start" has made in DATA_DIR.`

const ROLES_HELP = `
Make the roles first, with "createuser --pwprompt undersigned_web", and name each in the DATABASE_URL of its part.
Run this as the owner of the tables, as all commands. What the roles may do beside is taken from them. Every later
"undersigned migrate" gives them their rights in new tables. Without a role it prints those that there are.`

const NO_OWNER =
  'the tables are not there, or belong to another role: set DATABASE_URL to the address of the role that owns them'

export function addMigrateCommand(program: Command): void {
  const migrate = program
    .command('migrate')
    .description('the database schema; start brings it up by itself')
    .addArgument(new Argument('[direction]').choices(['up', 'down', 'status']).default('up'))
    .option('--mail-held', 'down: let the mails of forms that are held go out, all at once')
    .addHelpText('after', HELP)
    .action((direction: 'up' | 'down' | 'status', options: { mailHeld?: boolean }) =>
      withDatabase((connection) => run(direction, connection, options)),
    )
  addRolesCommand(migrate)
}

function addRolesCommand(migrate: Command): void {
  migrate
    .command('roles')
    .description('give roles of PostgreSQL the rights that web and worker need, and no more')
    .option('--web <role>', 'the role in the DATABASE_URL of web')
    .option('--worker <role>', 'the role in the DATABASE_URL of worker')
    .option('--print', 'print the statements and change nothing')
    .addHelpText('after', ROLES_HELP)
    .action(({ print, ...roles }: Roles & { print?: true }) =>
      withDatabase(async ({ db }) => {
        if (!(await findOwner(db))?.isOwner) throw new ExpectedError(NO_OWNER)
        if (Object.keys(roles).length === 0) return printRoles(await findRoles(db, MARKS))
        if (print) {
          const statements = ['begin', ...(await writeGrants(db, roles, RIGHTS)), 'commit']
          return console.log(statements.map((each) => `${each};`).join('\n'))
        }
        const acting = { clock: systemClock, by: thePerson() }
        await grantRights(db, roles, RIGHTS, (trx) =>
          noteAction(trx, acting, { what: 'migrate roles', petition: null, after: { ...roles } }),
        )
        printRoles(roles)
      }),
    )
}

function printRoles(roles: Roles): void {
  for (const [part, role] of Object.entries(roles)) console.log(`${part}\t${role}`)
  if (Object.keys(roles).length === 0) console.log('web and worker connect as the owner.')
}

async function withDatabase(
  work: (connection: Connection<Database>) => Promise<void>,
): Promise<void> {
  const config = readConfig(process.env)
  await requireDatabase(config)
  const database = await openDatabase(config, { share: true })
  const url = config.databaseDirectUrl ?? database.url
  const connection = connect<Database>({ url, max: POOL_SIZE, onError: () => {} })
  try {
    await work(connection)
  } finally {
    await connection.close()
    await database.close()
  }
}

async function run(
  direction: 'up' | 'down' | 'status',
  { db, pool }: Connection<Database>,
  { mailHeld = false }: { mailHeld?: boolean },
): Promise<void> {
  if (direction === 'status') {
    for (const { name, executedAt } of await listMigrations(db)) {
      console.log(`${name}\t${executedAt?.toISOString() ?? 'pending'}`)
    }
    return
  }
  if ((await findOwner(db))?.isOwner === false) throw new ExpectedError(NO_OWNER)
  if (direction === 'down') {
    await refuseWhileUsed(pool)
    if (!mailHeld) await refuseWhileHeld(db)
  }
  const done = direction === 'up' ? await migrateAndGrant({ db, pool }) : await migrateDown(db)
  // Before the table of actions nothing was noted.
  if (done.length > 0 && (await hasTable(db, 'action'))) {
    const acting = { clock: systemClock, by: thePerson() }
    await noteAction(db, acting, { what: `migrate ${direction}`, petition: null, after: { done } })
  }
  const word = direction === 'up' ? 'applied' : 'taken back'
  for (const name of done) console.log(`${name} ${word}`)
  if (done.length === 0) console.log('Nothing to do.')
}

/** The release before holds no mails back: with this migration all go out at once, to whomever a robot named. */
const HOLDS_FORMS = /^0012_/

async function refuseWhileHeld(db: Connection<Database>['db']): Promise<void> {
  const newest = (await listMigrations(db)).findLast(({ executedAt }) => executedAt !== null)
  if (!newest || !HOLDS_FORMS.test(newest.name)) return
  const forms = await countAllHeld(db)
  if (forms === 0) return
  throw new CommandError(
    `${howMany(forms, 'form is', 'forms are')} held, and their mails would all go out at once: see "undersigned held list", erase or release them first, or give --mail-held`,
  )
}
