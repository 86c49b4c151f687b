import type { Hmac } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { ExpectedError } from '../platform/expected-error.ts'
import { guessEncoding } from '../platform/files/decode-text.ts'
import { explainFileError } from '../platform/files/explain-errno.ts'
import {
  type CsvRow,
  createCsvReader,
  guessSeparator,
  TableError,
} from '../platform/table/read-csv.ts'
import { shellWord } from '../platform/terminal/escape-unsafe.ts'

/** The file can't be imported: one line says what it is, why, and what to do. */
export class ImportError extends ExpectedError {}

export const LARGEST_FILE = 2 * 1024 ** 3
const CHUNK_BYTES = 1 << 18

/** By their first bytes. */
const NO_TABLES: readonly (readonly [start: string, what: string])[] = [
  [
    'PK\u0003\u0004',
    'a ZIP or an Excel workbook: unpack it, or save the table in it as "CSV UTF-8"',
  ],
  ['\u001f\u008b', 'compressed by gzip: unpack it with "gunzip"'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old Excel workbook: save the table in it as "CSV UTF-8"'],
  ['%PDF', 'a PDF: ask for the signatures as CSV'],
  ['age-encryption.org', 'sealed: open it first, with "age --decrypt" or "undersigned unseal"'],
  ['-----BEGIN', 'sealed: open it first, with "age --decrypt" or "undersigned unseal"'],
]

type Decoder = InstanceType<typeof TextDecoder>

interface Watch {
  /** Of the bytes that are read. */
  hash?: Hmac
  onBytes?: (bytes: number) => void
}

/** @throws ImportError */
export async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: unknown) => {
    throw explain(path, error)
  })
  if (!found.isFile()) throw new ImportError(`${path} can't be read: it is no file`)
  if (found.size === 0) throw new ImportError(`${path} is empty: export it again`)
  if (found.size <= LARGEST_FILE) return found.size
  throw new ImportError(
    `${path} has more than 2 GB: cut it into parts, each with the first line, and import one after the other`,
  )
}

/**
 * The rows of a table, some at a time, whatever its separator: UTF-8 or UTF-16, with or without a byte order mark.
 * Memory stays the same however long it is.
 *
 * @throws ImportError when it is no such text
 */
export async function* readRows(
  path: string,
  { hash, onBytes }: Watch = {},
): AsyncGenerator<CsvRow[]> {
  let decoder: Decoder | null = null
  let reader: ReturnType<typeof createCsvReader> | null = null
  let line = 1
  try {
    for await (const bytes of createReadStream(path, {
      highWaterMark: CHUNK_BYTES,
    }) as AsyncIterable<Buffer>) {
      hash?.update(bytes)
      onBytes?.(bytes.length)
      decoder ??= decoderFor(bytes, path)
      const text = decode(decoder, bytes, { path, line })
      reader ??= createCsvReader(guessSeparator(text))
      const rows = reader.push(text)
      line = rows.at(-1)?.line ?? line
      if (rows.length > 0) yield rows
    }
    if (decoder) decode(decoder, null, { path, line })
    const rows = reader?.end() ?? []
    if (rows.length > 0) yield rows
  } catch (error) {
    throw explain(path, error)
  }
}

function decoderFor(start: Buffer, path: string): Decoder {
  const latin = start.toString('latin1', 0, 32)
  const other = NO_TABLES.find(([sign]) => latin.startsWith(sign))
  if (other) throw new ImportError(`${path} is ${other[1]}; nothing was imported`)
  const isBig = latin.startsWith('\u00fe\u00ff')
  const wide = latin.startsWith('\u00ff\u00fe') || isBig ? 'UTF-16' : null
  const guessed = wide ?? (start.includes(0) ? guessEncoding(start) : null)
  if (!guessed?.startsWith('UTF-16')) return new TextDecoder('utf-8', { fatal: true })
  const label = isBig || guessed === 'UTF-16BE' ? 'utf-16be' : 'utf-16le'
  return new TextDecoder(label, { fatal: true })
}

/** @param bytes null at the end. @throws ImportError */
function decode(
  decoder: Decoder,
  bytes: Buffer | null,
  { path, line }: { path: string; line: number },
): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
  } catch {
    const encoding = (bytes && decoder.encoding === 'utf-8' && guessEncoding(bytes)) || null
    const where = `after line ${line}`
    if (!encoding) {
      throw new ImportError(
        `${path} is damaged ${where}, or in an encoding that is not known here: save it as "CSV UTF-8" in the program that wrote it; nothing was imported`,
      )
    }
    const command = `iconv -f ${encoding} -t UTF-8 ${shellWord(path)} > ${shellWord(`${path}.utf8`)}`
    throw new ImportError(
      `${path} is not UTF-8 but seems to be ${encoding}${NAMED.get(encoding) ?? ''} ${where}: save it as "CSV UTF-8", or convert it with ${command} and import that; nothing was imported`,
    )
  }
}

const NAMED = new Map([
  ['WINDOWS-1251', ' (Cyrillic, as Excel on Windows saves CSV)'],
  ['WINDOWS-1252', ' (as Excel on Windows saves CSV in western Europe)'],
  ['WINDOWS-1254', ' (as Excel on Windows saves CSV in Turkey and Azerbaijan)'],
])

function explain(path: string, error: unknown): unknown {
  if (error instanceof ImportError) return error
  if (error instanceof TableError)
    return new ImportError(`${path}: ${error.message}; nothing was imported`)
  const why = explainFileError(path, 'read', error)
  return why ? new ImportError(`${why}; nothing was imported`) : error
}
