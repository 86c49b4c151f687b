import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { Decrypter } from 'age-encryption'
import { parseEmail } from '../../platform/address/email-address.ts'
import { createCsvReader, guessSeparator, TableError } from '../../platform/table/read-csv.ts'
import { explainReadError, UnsealError } from './unseal-error.ts'
import { isSealedList } from './unseal-list.ts'

/** As `neutraliseCell` leaves it. */
const NEUTRALISED = /^'(?=[=+\-@＝＋－＠])/u
/** The column's name in that list. */
const EMAIL = 'email'

/**
 * The mailboxes of a list that "subscriber export" wrote as CSV, sealed or opened already.
 *
 * @throws UnsealError when it is no such list, or none of the keys opens it
 */
export async function readSubscribers(path: string, identities: string[]): Promise<Set<string>> {
  const found = new Set<string>()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let reader: ReturnType<typeof createCsvReader> | null = null
  let column: number | null = null
  const takeRows = (rows: { cells: string[] }[]) => {
    for (const { cells } of rows) {
      if (column === null) {
        column = cells.indexOf(EMAIL)
        if (column < 0) throw noList(path)
        continue
      }
      const email = parseEmail((cells[column] ?? '').replace(NEUTRALISED, ''))
      if (email) found.add(email.normalised)
    }
  }
  try {
    for await (const bytes of await openList(path, identities)) {
      const text = decoder.decode(bytes, { stream: true })
      reader ??= createCsvReader(guessSeparator(text))
      takeRows(reader.push(text))
    }
    takeRows(reader?.end() ?? [])
  } catch (error) {
    if (error instanceof UnsealError) throw error
    if (error instanceof TableError || error instanceof TypeError) throw noList(path)
    throw explainReadError(path, error)
  }
  if (column === null) throw noList(path)
  return found
}

async function openList(path: string, identities: string[]): Promise<AsyncIterable<Uint8Array>> {
  const file = createReadStream(path)
  if (!(await isSealedList(path))) return file
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  const sealed = Readable.toWeb(file) as ReadableStream<Uint8Array>
  try {
    return (await decrypter.decrypt(sealed)) as unknown as AsyncIterable<Uint8Array>
  } catch {
    throw new UnsealError(
      `${path} does not open with these keys, or is damaged, so nothing was written: give the key of the petition's recipients`,
    )
  }
}

const noList = (path: string) =>
  new UnsealError(
    `${path} is no list of subscribers as CSV, so nothing was written: make one with "undersigned subscriber export <petition> --out subscribers.csv.age"`,
  )
