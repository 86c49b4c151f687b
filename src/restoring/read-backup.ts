import { createReadStream } from 'node:fs'
import { readTables } from '../platform/database/load-tables.ts'
import {
  type ByteReader,
  createByteReader,
  MalformedStream,
} from '../platform/files/byte-reader.ts'
import { explainFileError } from '../platform/files/explain-errno.ts'
import { endFile, readTarHeader } from '../platform/files/tar.ts'
import { openFile } from '../sealing/age/open-file.ts'
import {
  BackupError,
  DUMP,
  MANIFEST,
  type Manifest,
  parseManifest,
  SECRETS,
  type Secrets,
  secretPath,
} from './backup-format.ts'

/** The largest manifest or secret. */
const SMALL_BYTES = 64 * 1024
const READ_BYTES = 256 * 1024

export interface OpenBackup {
  manifest: Manifest
  secrets: Secrets
  /** The dump of the database, to be read to its end: only then is it known that nothing is missing. */
  dump: ByteReader
}

/**
 * Reads a backup as it is decrypted.
 *
 * @param read an error of its own passes through
 * @throws BackupError when the file can't be read, was encrypted to other keys, is damaged or cut off
 */
export async function readBackup<Result>(
  path: string,
  identities: readonly string[],
  onBytes: (bytes: number) => void,
  read: (backup: OpenBackup) => Promise<Result>,
): Promise<Result> {
  try {
    return await readTar(path, createByteReader(decrypt(path, identities, onBytes)), read)
  } catch (error) {
    const isOfFile =
      error instanceof MalformedStream || /^Z_/.test((error as { code?: string }).code ?? '')
    throw isOfFile ? damaged(path, error as Error) : error
  }
}

async function* decrypt(
  path: string,
  identities: readonly string[],
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  try {
    const content = await openFile(identities, counted(path, onBytes))
    if (content) return yield* content
  } catch (error) {
    const fault = explainFileError(path, 'read', error)
    throw fault ? new BackupError(`${fault}; check its name`) : damaged(path, error as Error)
  }
  throw new BackupError(
    `none of the keys opens ${path}: it was made for another recipient; give that one's identity with --identity`,
  )
}

const damaged = (path: string, { message }: Error) =>
  new BackupError(
    `${path} is damaged, cut off or no backup (${message}): nothing of it was used; take another`,
  )

async function* counted(path: string, onBytes: (bytes: number) => void) {
  for await (const bytes of createReadStream(path, { highWaterMark: READ_BYTES })) {
    onBytes(bytes.length)
    yield bytes as Buffer
  }
}

async function readTar<Result>(
  path: string,
  reader: ByteReader,
  read: (backup: OpenBackup) => Promise<Result>,
): Promise<Result> {
  const first = await readTarHeader(reader)
  const manifest = first?.path === MANIFEST ? parseManifest(await readSmall(reader, first)) : null
  if (!manifest) {
    throw new BackupError(
      `${path} is no backup of Undersigned, or one of a later release: restore it with the release that made it`,
    )
  }
  const secrets: Secrets = {}
  let next = await readTarHeader(reader)
  for (const name of SECRETS) {
    if (next?.path !== secretPath(name)) continue
    secrets[name] = await readSmall(reader, next)
    next = await readTarHeader(reader)
  }
  const dump = createByteReader(readPieces(reader, next))
  const result = await read({ manifest, secrets, dump })
  // What follows is nothing; reading it proves that the file was not cut off here.
  while (!(await dump.atEnd())) await dump.take(1)
  while (!(await reader.atEnd())) await reader.take(1)
  return result
}

async function readSmall(reader: ByteReader, { size }: { size: number }): Promise<string> {
  if (size > SMALL_BYTES) throw new MalformedStream('a small file in it is large')
  const bytes = await reader.take(size)
  await endFile(reader, size)
  return bytes.toString()
}

async function* readPieces(reader: ByteReader, first: { path: string; size: number } | null) {
  for (let next = first; next; next = await readTarHeader(reader)) {
    if (!next.path.startsWith(`${DUMP}.`))
      throw new MalformedStream(`${next.path} has no place in it`)
    yield* reader.pass(next.size)
    await endFile(reader, next.size)
  }
}

/** Reads a backup whole, and so proves that it can be restored. @returns rows by table */
export async function checkBackup(
  path: string,
  identities: readonly string[],
  onBytes: (bytes: number) => void,
): Promise<{ manifest: Manifest; secrets: Secrets; rows: Map<string, number> }> {
  return readBackup(path, identities, onBytes, async ({ manifest, secrets, dump }) => {
    const rows = new Map<string, number>()
    for await (const table of readTables(dump)) {
      rows.set(table.entry.tag, (await countLines(table.rows)) - END_LINES)
    }
    return { manifest, secrets, rows }
  })
}

/** `\.` and two empty ones. */
const END_LINES = 3
const NEWLINE = 0x0a

async function countLines(rows: AsyncIterable<Buffer>): Promise<number> {
  let lines = 0
  for await (const piece of rows) {
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) lines++
  }
  return lines
}
