import { performance } from 'node:perf_hooks'
import type { Database, Db } from '../database.ts'
import { BudgetMap, heldBytes, ownBytes } from '../platform/budget-map.ts'
import { MINUTE } from '../platform/clock.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import type { Picture } from './picture.ts'
import { findPicture, findPictureFile } from './store-pictures.ts'

/** Some 500 files of phones. What isn't asked for makes room. */
const BUDGET_BYTES = 16 * 1024 * 1024
/** A picture that was taken off a page is served for so long by a process that has it in memory. */
const MAX_AGE_MS = 5 * MINUTE

interface Held {
  bytes: Buffer
  at: number
}

export type Pictures = ReturnType<typeof createPictures>

/** Pictures of petitions, in memory: readable while the database is away, once they were read. */
export function createPictures(
  { db, publicReads }: { db: Db; publicReads: PublicReads<Database> },
  maxAge = MAX_AGE_MS,
) {
  /** By petition and source: a few hundred bytes each, of folders that organisers published. */
  const known = new Map<string, Picture>()
  const files = new BudgetMap<Held>(BUDGET_BYTES, ({ bytes }) => heldBytes(bytes), 'pictures')
  const keep = (name: string, bytes: Buffer) => {
    files.set(name, { bytes, at: performance.now() })
    return bytes
  }
  return {
    /** @param source SHA-256 of the organisers' file, in hexadecimal */
    async find(petitionId: number, source: string): Promise<Picture | null> {
      const key = `${petitionId} ${source}`
      const found = known.get(key) ?? (await findPicture(db, petitionId, source))
      if (found) known.set(key, found)
      return found
    },
    /** The bytes of a file by its name. A replica may not have it yet. */
    async file(name: string): Promise<Buffer | null> {
      const held = files.get(name)
      if (held && performance.now() - held.at < maxAge) return held.bytes
      try {
        const read = await publicReads.read(
          (replica) => findPictureFile(replica, name),
          (bytes) => bytes !== null,
        )
        if (read) return keep(name, ownBytes(read))
        files.delete(name)
        return null
      } catch (error) {
        if (held && isDatabaseAway(error)) return keep(name, held.bytes)
        throw error
      }
    },
  }
}
