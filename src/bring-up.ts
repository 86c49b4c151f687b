import type { Database } from './database.ts'
import type { Connection } from './platform/database/connect.ts'
import { grantRights } from './platform/database/grant-rights.ts'
import { findPending, migrateUp } from './platform/database/migrate.ts'
import {
  findLacking,
  findOwner,
  findRoles,
  maySelect,
  PARTS,
  type Part,
} from './platform/database/roles.ts'
import { ExpectedError } from './platform/expected-error.ts'
import { MARKS, RIGHTS } from './rights.ts'

type Open = Pick<Connection<Database>, 'db' | 'pool'>

/** The database is not yet, or no longer, as this process needs it, and its role can't change that. */
class RoleError extends ExpectedError {}

/** Migrates as the tables' owner, and gives the roles of web and worker the rights that this release needs beside. */
export async function migrateAndGrant({ db, pool }: Open): Promise<string[]> {
  const done = await migrateUp(db, pool)
  const roles = await findRoles(db, MARKS)
  for (const part of PARTS) {
    const role = roles[part]
    if (role === undefined || (await findLacking(db, part, role, RIGHTS)).length === 0) continue
    await grantRights(db, { [part]: role }, RIGHTS)
  }
  return done
}

/**
 * What each start does first. The owner of the tables migrates them. A lesser role looks whether somebody has.
 *
 * @param part what the process is; null for one that needs the owner: a command, or web and worker in one
 * @returns whether the role is the owner
 * @throws RoleError
 */
export async function bringUp(open: Open, part: Part | null): Promise<boolean> {
  const found = await findOwner(open.db)
  if (!found || found.isOwner) {
    await migrateAndGrant(open)
    return true
  }
  const { role, owner } = found
  const asOwner = `with the address of ${owner}, who owns the tables`
  if (part === null) {
    throw new RoleError(
      `the role ${role} has the rights of a web or worker alone: run this ${asOwner}, in DATABASE_URL`,
    )
  }
  // Not even which migrations have run may be read: nobody has given it anything.
  const isKnown = await maySelect(open.db, 'kysely_migration')
  const pending = isKnown ? await findPending(open.db) : []
  if (pending.length > 0) {
    throw new RoleError(
      `the schema is behind this release (${pending.join(', ')}), and the role ${role} may not change it: run "undersigned migrate" ${asOwner}`,
    )
  }
  const lacking = isKnown ? await findLacking(open.db, part, role, RIGHTS) : ['everything']
  if (lacking.length === 0) return false
  throw new RoleError(
    `the role ${role} lacks rights of a ${part} (${lacking.slice(0, 3).join(', ')}): run "undersigned migrate roles --${part} ${role}" ${asOwner}`,
  )
}
