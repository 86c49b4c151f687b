import { runSql } from '../../support/test-database.ts'
import type { ReplicatedSite } from '../site/open-site.ts'

/** How often public names were looked up, as pages do and nothing else. */
export interface PublicReadsSoFar {
  primary: number
  /** Null while it doesn't answer. */
  replica: number | null
}

export async function countPublicReads({
  primary,
  replica,
}: ReplicatedSite): Promise<PublicReadsSoFar> {
  return {
    primary: await countOn(primary.url),
    replica: await countOn(replica.url).catch(() => null),
  }
}

async function countOn(url: string): Promise<number> {
  const { rows } = await runSql(
    url,
    `select coalesce(sum(calls), 0) as calls from pg_stat_statements
      where query like 'select%from "public_name"%'`,
  )
  return Number(rows[0].calls)
}
