import pg from 'pg'
import type { Site } from '../site/open-site.ts'

/**
 * How often public names were looked up: a page alone does so, writing a name never does. PostgreSQL's
 * sessions hand their figures in after a second at the latest.
 */
export interface PublicReadsSoFar {
  primary: number
  /** Null while it doesn't answer. */
  replica: number | null
}

export async function countPublicReads({ primary, replica }: Site): Promise<PublicReadsSoFar> {
  return {
    primary: await countOn(primary.url),
    replica: await countOn(replica.url).catch(() => null),
  }
}

async function countOn(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ scans: string }>(
      `select coalesce(sum(seq_scan + coalesce(idx_scan, 0)), 0) as scans
         from pg_stat_user_tables where relname = 'public_name'`,
    )
    return Number(rows[0]!.scans)
  } finally {
    await client.end()
  }
}
