import { type Kysely, sql } from 'kysely'
import { ExpectedError } from '../expected-error.ts'
import { JOBS, PARTS, type RoleRights, type Roles } from './roles.ts'

/** Beside the tables: which migrations have run. */
const MIGRATIONS = ['kysely_migration', `${JOBS}.migrations`]

/**
 * The statements that give these roles exactly their rights, for one transaction of the owner's: until its end the
 * former ones hold. graphile-worker's tables have row level security without a policy: nobody but their owner sees
 * a row. The worker gets a policy; the web adds jobs through a function that runs as the owner, and reads the view
 * that leaves their payload out.
 *
 * @throws ExpectedError for a role that isn't there, or that owns the tables
 */
export async function writeGrants<T>(
  db: Kysely<T>,
  roles: Roles,
  rights: RoleRights,
): Promise<string[]> {
  if (roles.web !== undefined && roles.web === roles.worker) {
    throw new ExpectedError(`web and worker can't share the role ${roles.web}: name two`)
  }
  const { rows: secured } = await sql<{ name: string }>`
    select c.oid::regclass::text as name from pg_class c
     where c.relnamespace = ${JOBS}::regnamespace and c.relrowsecurity order by 1`.execute(db)
  const { rows: adders } = await sql<{ name: string }>`
    select p.oid::regprocedure::text as name from pg_proc p
     where p.pronamespace = ${JOBS}::regnamespace and p.proname = 'add_job'`.execute(db)
  const { rows: schemas } = await sql<{ name: string }>`
    select quote_ident(current_schema()) as name`.execute(db)
  const statements: string[] = []
  for (const part of PARTS) {
    const name = roles[part]
    if (name === undefined) continue
    await requireLesser(db, name)
    const role = quote(name)
    const own = schemas[0]!.name
    statements.push(`revoke all on all tables in schema ${own}, ${JOBS} from ${role}`)
    statements.push(`grant usage on schema ${own}, ${JOBS} to ${role}`)
    statements.push(`grant select on ${MIGRATIONS.join(', ')} to ${role}`)
    for (const [table, { [part]: privileges }] of Object.entries(rights)) {
      if (privileges) statements.push(`grant ${privileges} on ${quote(table)} to ${role}`)
    }
    if (part === 'web') {
      for (const adder of adders) {
        statements.push(`alter function ${adder.name} security definer`)
        statements.push(
          `alter function ${adder.name} set search_path to pg_catalog, ${JOBS}, pg_temp`,
        )
        statements.push(`grant execute on function ${adder.name} to ${role}`)
      }
      statements.push(`grant select on ${JOBS}.jobs to ${role}`)
      continue
    }
    statements.push(
      `grant select, insert, update, delete on all tables in schema ${JOBS} to ${role}`,
    )
    for (const table of secured) {
      statements.push(`drop policy if exists undersigned_worker on ${table.name}`)
      statements.push(
        `create policy undersigned_worker on ${table.name} to ${role} using (true) with check (true)`,
      )
    }
  }
  return statements
}

/** Gives the roles their rights, and takes what they had beside them. @param also in the same transaction */
export async function grantRights<T>(
  db: Kysely<T>,
  roles: Roles,
  rights: RoleRights,
  also: (trx: Kysely<T>) => Promise<void> = async () => {},
): Promise<void> {
  const statements = await writeGrants(db, roles, rights)
  await db.transaction().execute(async (trx) => {
    for (const statement of statements) await sql.raw(statement).execute(trx)
    await also(trx)
  })
}

async function requireLesser<T>(db: Kysely<T>, name: string): Promise<void> {
  const { rows } = await sql<{ owns: boolean }>`
    select pg_has_role(r.oid, c.relowner, 'member') as owns
      from pg_roles r, pg_class c where r.rolname = ${name} and c.oid = to_regclass('kysely_migration')`.execute(
    db,
  )
  if (!rows[0]) {
    throw new ExpectedError(
      `there is no role ${name} in PostgreSQL: make it first, with "createuser --pwprompt ${name}"`,
    )
  }
  if (rows[0].owns) {
    throw new ExpectedError(
      `the role ${name} owns the tables, or belongs to the role that does, so nothing can be kept from it: name another`,
    )
  }
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
