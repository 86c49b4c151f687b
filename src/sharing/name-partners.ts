import type { Db } from '../database.ts'
import { listPartnerLinks } from './partner-link.queries.ts'
import { PARTNER_PREFIX } from './resolve-code.ts'

/**
 * Rows of the source breakdown with partners under their names, for people who know them by name. A
 * partner called like another source keeps its code beside the name, so that no two rows look alike.
 */
export async function namePartners<Row extends { key: string }>(
  db: Db,
  petitionId: number,
  rows: Row[],
): Promise<Row[]> {
  const links = await listPartnerLinks(db, petitionId)
  const names = new Map(links.map(({ code, name }) => [`${PARTNER_PREFIX}${code}`, name]))
  const taken = new Set(rows.map((row) => row.key))
  return rows.map((row) => {
    const name = names.get(row.key)
    if (name === undefined) return row
    const code = row.key.slice(PARTNER_PREFIX.length)
    return { ...row, key: taken.has(name) ? `${name} (${code})` : name }
  })
}
