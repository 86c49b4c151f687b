import { createCipheriv, createDecipheriv } from 'node:crypto'
import { sql } from 'kysely'

/**
 * Where a page of names begins: after which name. The address of a page must tell neither when somebody confirmed to
 * the millisecond nor the signature's id, so both are encrypted: one block of AES, the same for everyone.
 */
export interface PlaceMark {
  confirmedAt: Date
  /** The first 16 hexadecimal digits of the signature's id: together with the moment they belong to one signature. */
  id: string
}

const MARK = /^[\w-]{22}$/
const BLOCK = 'aes-256-ecb'
/** What somebody made up decrypts to a moment far outside of them, but for one in millions. */
const EARLIEST_MS = Date.UTC(2020, 0)
const LATEST_MS = Date.UTC(2100, 0)

/** @param id a signature's, a UUID */
export function writePlaceMark(key: Buffer, place: { confirmedAt: Date; id: string }): string {
  const block = Buffer.alloc(16)
  block.writeBigUInt64BE(BigInt(place.confirmedAt.getTime()))
  block.write(place.id.replaceAll('-', '').slice(0, 16), 8, 'hex')
  const cipher = createCipheriv(BLOCK, key, null).setAutoPadding(false)
  return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url')
}

/** Null for what this site has not written. */
export function readPlaceMark(key: Buffer, mark: string): PlaceMark | null {
  if (!MARK.test(mark)) return null
  const decipher = createDecipheriv(BLOCK, key, null).setAutoPadding(false)
  const block = Buffer.concat([decipher.update(Buffer.from(mark, 'base64url')), decipher.final()])
  const at = Number(block.readBigUInt64BE())
  if (at < EARLIEST_MS || at > LATEST_MS) return null
  return { confirmedAt: new Date(at), id: block.toString('hex', 8) }
}

/** Rows of the table that come after the place, in the order of the pages. */
export const isAfter = (table: 'public_name' | 'comment', { confirmedAt, id }: PlaceMark) => {
  // The smallest UUID that begins so: a signature's own is no smaller.
  const least = `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12)}-0000-000000000000`
  return sql<boolean>`(${sql.table(table)}.confirmed_at, ${sql.table(table)}.signature_id)
    < (${confirmedAt}::timestamptz, ${least}::uuid)`
}
