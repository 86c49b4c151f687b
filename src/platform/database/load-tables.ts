import { pipeline } from 'node:stream/promises'
import { createInflate } from 'node:zlib'
import type pg from 'pg'
import { type ByteReader, MalformedStream } from '../files/byte-reader.ts'
import { copyIn } from './copy-stream.ts'
import { BLOCK_OF_DATA, type DumpEntry, readHead, readInt } from './dump-format.ts'
import { copyFrom, listSequences, listTables } from './list-dumped.ts'

/** What a dump holds, one table after the other. */
interface DumpedRows {
  entry: DumpEntry
  /** In the text format of COPY, with its end. */
  rows: AsyncIterable<Buffer>
}

/** Reads an archive of `dumpTables`. Every table's rows have to be read before the next. */
export async function* readTables(
  reader: ByteReader,
  onHead: (entries: DumpEntry[]) => void = () => {},
): AsyncGenerator<DumpedRows, void> {
  const entries = await readHead(reader)
  onHead(entries)
  while (!(await reader.atEnd())) {
    const [kind] = await reader.take(1)
    const id = await readInt(reader)
    const entry = entries.find((each) => each.id === id)
    if (kind !== BLOCK_OF_DATA || !entry) throw new MalformedStream('its dump is not understood')
    const inflate = createInflate()
    const read = pipeline(readPieces(reader), inflate)
    // A failure is thrown by the loop over the rows, too.
    read.catch(() => {})
    yield { entry, rows: inflate as AsyncIterable<Buffer> }
    await read
  }
}

async function* readPieces(reader: ByteReader) {
  for (;;) {
    const length = await readInt(reader)
    if (length === 0) return
    yield* reader.pass(length)
  }
}

/**
 * Fills the tables of a schema that the same migrations have made; whatever is in them goes. All in the
 * caller's transaction. No statement of the archive is run: a table's columns have to be those that it has
 * here, since anybody can encrypt a file to a public key.
 *
 * @returns tables of the archive that are none of the program's, and so were passed over
 * @throws MalformedStream when it lacks a table, or has other columns
 */
export async function loadTables(client: pg.Client, reader: ByteReader): Promise<string[]> {
  await client.query(`set local statement_timeout = 0; set local client_encoding = 'UTF8'`)
  const unread = new Map((await listTables(client)).map((table) => [table.relation, table]))
  await client.query(`truncate ${[...unread.keys()].join(', ')}`)
  let entries: DumpEntry[] = []
  const passedOver: string[] = []
  const onHead = (found: DumpEntry[]) => {
    entries = found
  }
  for await (const { entry, rows } of readTables(reader, onHead)) {
    const table = [...unread.values()].find(
      ({ schema, name }) => schema === entry.schema && name === entry.tag,
    )
    if (!table) {
      for await (const _ of rows);
      passedOver.push(entry.tag)
      continue
    }
    if (entry.copy !== copyFrom(table)) {
      throw new MalformedStream(`its table ${table.name} has other columns than this release's`)
    }
    unread.delete(table.relation)
    await copyIn(client, copyFrom(table), rows)
  }
  if (unread.size > 0) {
    throw new MalformedStream(`its dump lacks ${[...unread.keys()].join(', ')}`)
  }
  await setSequences(client, entries)
  return passedOver
}

async function setSequences(client: pg.Client, entries: DumpEntry[]): Promise<void> {
  for (const { relation } of await listSequences(client)) {
    const start = `SELECT pg_catalog.setval('${relation}', `
    const found = entries.find(({ statement }) => statement?.startsWith(start))
    const [, value, called] = /^(\d+), (true|false)\);\n$/.exec(
      found?.statement?.slice(start.length) ?? '',
    ) ?? ['', '', '']
    if (!value) throw new MalformedStream(`the sequence ${relation} is missing in its dump`)
    await client.query('select setval($1::text::regclass, $2, $3)', [
      relation,
      value,
      called === 'true',
    ])
  }
}
