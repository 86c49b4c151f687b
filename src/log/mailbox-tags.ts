import { type FileHandle, open } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { parseEntry } from './core/entry/entry-line.ts'
import { readEntries } from './store/bundles-and-tiles.ts'

/**
 * The mailbox tags of the log's entries outside the database: after a restore they recognise a mailbox that
 * signs again although its row was lost. 16 bytes for each entry, at sixteen times its index; zeros where
 * the entry is no signature, or one that was withdrawn or voided. A tag says nothing without SECRET_KEY, and the
 * database holds the same; still the file is the node's own, and no part of the public copy.
 */

/** As long as src/sealing/signer-details.ts makes them. */
const TAG_BYTES = 16
const NO_TAG = Buffer.alloc(TAG_BYTES)
/** Entries written together when a node catches up: a megabyte of tags. */
const STRETCH = 65_536

/**
 * Brings the file up to the log's size, before the world sees the checkpoint. How far it reaches is its
 * length: each stretch is written after the tags that it zeroes elsewhere, so that a crash repeats it.
 */
export async function keepTags(db: Db, path: string, size: number): Promise<void> {
  const file = await openToWrite(path)
  try {
    const covered = Math.floor((await file.stat()).size / TAG_BYTES)
    for (let from = covered; from < size; from += STRETCH) {
      await keepStretch(db, file, { from, to: Math.min(from + STRETCH, size) })
    }
  } finally {
    await file.close()
  }
}

async function keepStretch(
  db: Db,
  file: FileHandle,
  { from, to }: { from: number; to: number },
): Promise<void> {
  const tags = Buffer.alloc((to - from) * TAG_BYTES)
  for (const { index, tag } of await readTags(db, from, to)) {
    tags.set(tag, (index - from) * TAG_BYTES)
  }
  for (const bytes of await readEntries(db, { from, to })) {
    const entry = parseEntry(bytes)
    // A voided one, too: when its signer leaves later, the log says nothing more.
    if (entry.kind !== 'withdraw' && entry.kind !== 'void') continue
    if (entry.index >= from) tags.set(NO_TAG, (entry.index - from) * TAG_BYTES)
    else await file.write(NO_TAG, 0, TAG_BYTES, entry.index * TAG_BYTES)
  }
  await file.write(tags, 0, tags.length, from * TAG_BYTES)
  await file.sync()
}

async function readTags(
  db: Db,
  from: number,
  to: number,
): Promise<{ index: number; tag: Buffer }[]> {
  const { rows } = await sql<{ index: number; tag: Buffer }>`
    select l.index::float8 as index, s.tag
      from log_place l join signature s on s.id = l.signature_id
     where l.index >= ${from}::bigint and l.index < ${to}::bigint and s.tag is not null`.execute(db)
  return rows
}

async function openToWrite(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return open(path, 'wx+', 0o600)
  }
}

/** The known tags of these entries; without a file there are none. */
export async function readKeptTags(path: string, indexes: number[]): Promise<Map<number, Buffer>> {
  const known = new Map<number, Buffer>()
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!file) return known
  try {
    for (const index of indexes) {
      const tag = Buffer.alloc(TAG_BYTES)
      const { bytesRead } = await file.read(tag, 0, TAG_BYTES, index * TAG_BYTES)
      if (bytesRead === TAG_BYTES && !tag.equals(NO_TAG)) known.set(index, tag)
    }
    return known
  } finally {
    await file.close()
  }
}
