import { type ByteReader, MalformedStream } from '../files/byte-reader.ts'

/**
 * The custom format of pg_dump, version 1.14, that every pg_restore since PostgreSQL 12 reads: a head with the
 * table of contents, then a block of data for each table. Source: `src/bin/pg_dump/pg_backup_archiver.c`
 * (WriteHead, WriteToc) and `pg_backup_custom.c` of PostgreSQL 15.
 */

const START = Buffer.from('PGDMP\x01\x0e\x00\x04\x08\x01', 'latin1')
/** Any but 0 says zlib. */
const COMPRESSION = 1
/** Where a block lies is not said: the archive is a stream. */
const POSITION_NOT_SET = 1
const NO_DATA = 3
const POSITION_BYTES = 8
export const BLOCK_OF_DATA = 1

const SECTIONS = { before: 2, data: 3 } as const

/** An entry of the table of contents. */
export interface DumpEntry {
  /** From 1, each another; a block of data names the entry that it belongs to. */
  id: number
  tag: string
  /** Such as TABLE DATA. */
  kind: string
  section: keyof typeof SECTIONS
  schema: string | null
  /** SQL that restores it, if it has no data. */
  statement: string | null
  /** `COPY … FROM stdin;`, if it has data. */
  copy: string | null
}

interface DumpHead {
  made: Date
  database: string
  /** As the server tells it. */
  serverVersion: string
}

export function encodeHead({ made, database, serverVersion }: DumpHead, entries: DumpEntry[]) {
  const time = [
    made.getUTCSeconds(),
    made.getUTCMinutes(),
    made.getUTCHours(),
    made.getUTCDate(),
    made.getUTCMonth(),
    made.getUTCFullYear() - 1900,
    0,
  ]
  return Buffer.concat([
    START,
    encodeInt(COMPRESSION),
    ...time.map(encodeInt),
    ...[database, serverVersion, serverVersion].map(encodeText),
    encodeInt(entries.length),
    ...entries.map(encodeEntry),
  ])
}

function encodeEntry({ id, tag, kind, section, schema, statement, copy }: DumpEntry): Buffer {
  const position = Buffer.alloc(1 + POSITION_BYTES)
  position[0] = copy === null ? NO_DATA : POSITION_NOT_SET
  return Buffer.concat([
    encodeInt(id),
    encodeInt(copy === null ? 0 : 1),
    encodeText('0'),
    encodeText('0'),
    encodeText(tag),
    encodeText(kind),
    encodeInt(SECTIONS[section]),
    // What undoes it, the tablespace and the access method, and the owner: none.
    ...[statement, null, copy, schema, null, null, '', 'false', null].map(encodeText),
    position,
  ])
}

/** @throws MalformedStream when it is no such archive, also one that a pg_dump made */
export async function readHead(reader: ByteReader): Promise<DumpEntry[]> {
  if (!(await reader.take(START.length)).equals(START)) {
    throw new MalformedStream('its dump is none that this program makes')
  }
  for (let numbers = 0; numbers < 8; numbers++) await readInt(reader)
  for (let texts = 0; texts < 3; texts++) await readText(reader)
  const entries: DumpEntry[] = []
  for (let left = await readInt(reader); left > 0; left--) entries.push(await readEntry(reader))
  return entries
}

async function readEntry(reader: ByteReader): Promise<DumpEntry> {
  const id = await readInt(reader)
  await readInt(reader)
  await readText(reader)
  await readText(reader)
  const tag = (await readText(reader)) ?? ''
  const kind = (await readText(reader)) ?? ''
  const section = (await readInt(reader)) === SECTIONS.data ? 'data' : 'before'
  const texts: (string | null)[] = []
  for (let index = 0; index < 9; index++) texts.push(await readText(reader))
  const [statement, , copy, schema] = texts
  await reader.take(1 + POSITION_BYTES)
  return { id, tag, kind, section, schema: schema!, statement: statement!, copy: copy! }
}

/** A sign, then four bytes, the lowest first. */
export function encodeInt(number: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes[0] = number < 0 ? 1 : 0
  bytes.writeUInt32LE(Math.abs(number), 1)
  return bytes
}

export async function readInt(reader: ByteReader): Promise<number> {
  const bytes = await reader.take(5)
  return bytes.readUInt32LE(1) * (bytes[0] === 0 ? 1 : -1)
}

function encodeText(text: string | null): Buffer {
  if (text === null) return encodeInt(-1)
  const bytes = Buffer.from(text)
  return Buffer.concat([encodeInt(bytes.length), bytes])
}

/** No name and no statement is longer. */
const LONGEST_TEXT = 1_000_000

async function readText(reader: ByteReader): Promise<string | null> {
  const length = await readInt(reader)
  if (length < 0) return null
  if (length > LONGEST_TEXT) throw new MalformedStream('a text in its dump is too long')
  return (await reader.take(length)).toString()
}
