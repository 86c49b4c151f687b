import { type Kysely, sql } from 'kysely'

/** The parts of the program that may have a role of their own. The tables' owner is neither. */
export const PARTS = ['web', 'worker'] as const
export type Part = (typeof PARTS)[number]

/** By table and part: what GRANT takes between its name and `on`; '' is nothing. */
export type RoleRights<Table extends string = string> = Record<Table, Record<Part, string>>

/** The role of each part; a part without one connects as the owner. */
export type Roles = Partial<Record<Part, string>>

/** A right that the part has, and the other lacks: by it a part's role is known again. */
export type Marks = Record<Part, { table: string; right: string }>

export const JOBS = 'graphile_worker'

/** Who owns the tables, and whether that is who asks; null before the first migration. */
export async function findOwner<T>(
  db: Kysely<T>,
): Promise<{ role: string; owner: string; isOwner: boolean } | null> {
  const { rows } = await sql<{ role: string; owner: string; isOwner: boolean }>`
    select current_user as role, pg_get_userbyid(relowner) as owner,
           pg_has_role(relowner, 'usage') as "isOwner"
      from pg_class where oid = to_regclass('kysely_migration')`.execute(db)
  return rows[0] ?? null
}

/** The roles that were given rights before. */
export async function findRoles<T>(db: Kysely<T>, marks: Marks): Promise<Roles> {
  const roles: Roles = {}
  for (const part of PARTS) {
    const { table, right } = marks[part]
    const { rows } = await sql<{ role: string }>`
      select r.rolname as role from pg_class c, aclexplode(c.relacl) a, pg_roles r
       where c.oid = to_regclass(${table}) and a.privilege_type = ${right}
         and r.oid = a.grantee and a.grantee <> c.relowner limit 1`.execute(db)
    if (rows[0]) roles[part] = rows[0].role
  }
  return roles
}

/**
 * What a role lacks for its part, in words such as `select on log_tally`. A newer graphile-worker may have new tables,
 * and makes its functions anew.
 */
export async function findLacking<T>(
  db: Kysely<T>,
  part: Part,
  role: string,
  rights: RoleRights,
): Promise<string[]> {
  const wanted = Object.entries(rights).flatMap(([table, { [part]: privileges }]) =>
    listPrivileges(privileges).map((each) => ({ table, ...each })),
  )
  const { rows } = await sql<{ lacking: string }>`
    select format('%s on %s', w.privilege, w.name) as lacking
      from unnest(${wanted.map(({ table }) => table)}::text[],
                  ${wanted.map(({ privilege }) => privilege)}::text[],
                  ${wanted.map(({ columns }) => columns)}::text[]) as w (name, privilege, columns)
     where not case when w.columns = '' then has_table_privilege(${role}, w.name, w.privilege)
                    else (select bool_and(has_column_privilege(${role}, w.name, c, w.privilege))
                            from unnest(string_to_array(w.columns, ',')) c) end
    union all
    select format('execute on %s as its owner', p.proname) from pg_proc p
     where ${part} = 'web' and p.pronamespace = ${JOBS}::regnamespace and p.proname = 'add_job'
       and not p.prosecdef
    union all
    select format('rows of %s', c.relname) from pg_class c
     where ${part} = 'worker' and c.relnamespace = ${JOBS}::regnamespace and c.relkind = 'r'
       and not (has_table_privilege(${role}, c.oid, 'delete')
                and (not c.relrowsecurity or exists (select from pg_policy where polrelid = c.oid)))`.execute(
    db,
  )
  return rows.map(({ lacking }) => lacking)
}

export async function maySelect<T>(db: Kysely<T>, table: string): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select has_table_privilege(${table}, 'select') as may`.execute(db)
  return rows[0]!.may
}

/** `select (a, b), delete` in its parts; columns separated by commas, '' for all. */
function listPrivileges(privileges: string): { privilege: string; columns: string }[] {
  return [...privileges.matchAll(/([a-z]+)(?: \(([^)]+)\))?/g)].map(([, privilege, columns]) => ({
    privilege: privilege!,
    columns: (columns ?? '').replaceAll(' ', ''),
  }))
}
