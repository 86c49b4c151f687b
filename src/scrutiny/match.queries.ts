import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../database.ts'
import { classOf, DELAY } from './note-hours.ts'
import { isGroup, type Rule, type RuleTrait } from './rule.ts'

/** What a rule fits. */
export interface Matched {
  /** Forms, confirmed or not, of which something is noted. */
  forms: number
  /** Signatures that count. */
  counting: number
  /** Of those, with an entry in the public log. */
  logged: number
  /** In quarantine already. */
  quarantined: number
  /** All forms of the petition in the same time, of which something is noted. */
  of: number
}

export async function countMatches(db: Db, petitionId: number, rule: Rule): Promise<Matched> {
  const { rows } = await sql<Matched>`
    select count(*) filter (where fits)::float8 as forms,
           count(*) filter (where fits and state = 'confirmed' and q.signature_id is null)::float8 as counting,
           count(*) filter (where fits and state = 'confirmed' and q.signature_id is null
             and exists (select from log_place l where l.signature_id = m.id))::float8 as logged,
           count(*) filter (where fits and q.signature_id is not null)::float8 as quarantined,
           count(*)::float8 as of
      from (select t.id, s.state, (${traitsFit(rule)}) as fits
              from trait t left join signature s on s.id = t.id
             where t.petition_id = ${petitionId} and ${timeFits(rule)}) as m
      left join quarantined q on q.signature_id = m.id`.execute(db)
  return rows[0]!
}

/** @returns ids of signatures that count and fit, which the caller takes one page after another */
export async function listMatches(
  db: Db,
  petitionId: number,
  rule: Rule,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from trait t join signature s on s.id = t.id
     where t.petition_id = ${petitionId} and s.petition_id = t.petition_id and s.state = 'confirmed'
       and ${timeFits(rule)} and (${traitsFit(rule)}) and t.id > ${after}::uuid
       and not exists (select from quarantined q where q.signature_id = t.id)
     order by t.id limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/** A form that a rule fits, as it is shown to somebody who decides: nothing of it names a person. */
export interface Sampled {
  id: string
  received: Date
  country: string
  language: string
  domain: string
  network: string
  again: boolean
  name: string
  client: string
  delay: string
  /** Of its entry in the public log; null: none. */
  index: number | null
}

/** Signatures that count or are in quarantine, drawn at random. */
export async function sampleMatches(
  db: Db,
  petitionId: number,
  rule: Rule,
  size: number,
): Promise<Sampled[]> {
  const { rows } = await sql<Sampled>`
    select t.id, t.received_at as received, t.country, t.language, t.again, t.name, t.client,
           coalesce(t.provider, ${groupOf('domain')}, 'alone') as domain,
           coalesce(${groupOf('network')}, 'alone') as network, ${DELAY} as delay,
           (select index::float8 from log_place l where l.signature_id = t.id) as index
      from (
        -- Drawn first: PostgreSQL would describe all of them before it sorts.
        select t.id from trait t join signature s on s.id = t.id
         where t.petition_id = ${petitionId} and s.state = 'confirmed'
           and ${timeFits(rule)} and (${traitsFit(rule)})
         order by random() limit ${size}) as drawn
      join trait t on t.id = drawn.id join signature s on s.id = t.id`.execute(db)
  return rows
}

const groupOf = (kind: 'network' | 'domain') => sql`
  (select encode(x.value, 'hex') from shared_trait x where x.id = t.id and x.kind = ${kind} limit 1)`

const timeFits = ({ since, until }: Rule): RawBuilder<boolean> => sql`
  (${since}::timestamptz is null or t.received_at >= ${since}::timestamptz)
  and (${until}::timestamptz is null or t.received_at < ${until}::timestamptz)`

const COLUMNS: Readonly<Record<Exclude<RuleTrait, 'domain' | 'network'>, RawBuilder<string>>> = {
  country: sql`t.country`,
  language: sql`t.language`,
  again: sql`t.again::text`,
  name: sql`t.name`,
  client: sql`t.client`,
  delay: DELAY,
}

function traitsFit({ traits }: Rule): RawBuilder<boolean> {
  const conditions = Object.entries(traits).map(([trait, values]) => {
    if (trait !== 'domain' && trait !== 'network') {
      return sql`${COLUMNS[trait as keyof typeof COLUMNS]} = any (${values}::text[])`
    }
    // Groups alone are found by their index; beside a class each form of the petition is looked at.
    const groups = values.filter(isGroup)
    const classes = values.filter((value) => !isGroup(value))
    const value = trait === 'domain' ? sql`coalesce(t.provider, ${classOf(trait)})` : classOf(trait)
    const either = [
      ...(classes.length > 0 ? [sql`${value} = any (${classes}::text[])`] : []),
      ...(groups.length > 0 ? [inGroups(trait, groups)] : []),
    ]
    return sql`(${sql.join(either, sql` or `)})`
  })
  return sql`${sql.join(conditions, sql` and `)}`
}

const inGroups = (kind: 'domain' | 'network', groups: string[]) => sql`
  t.id in (
    select x.id from shared_trait x
     where x.kind = ${kind}
       and x.value = any (array(select decode(each, 'hex') from unnest(${groups}::text[]) as each)))`
