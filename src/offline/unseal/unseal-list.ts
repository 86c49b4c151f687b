import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { Decrypter } from 'age-encryption'
import { writeFileWhole } from '../../platform/files/write-out.ts'
import type { TableFormat } from '../../platform/table/write-table.ts'
import { AGE_START } from '../../sealing/age/open-sealed.ts'
import { recipientOf } from './read-identities.ts'
import { explainReadError, UnsealError } from './unseal-error.ts'

/** Whether it is an age file, such as "undersigned subscriber export" writes. */
export async function isSealedList(path: string): Promise<boolean> {
  const file = await open(path).catch((error) => {
    throw explainReadError(path, error)
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(AGE_START.length))
    return buffer.toString('latin1', 0, bytesRead) === AGE_START
  } catch (error) {
    throw explainReadError(path, error)
  } finally {
    await file.close()
  }
}

/**
 * Opens a list that was sealed whole, and writes it as it is, whole or not at all, for its owner alone.
 *
 * @param options.format the expected format of --out; null for any
 * @throws UnsealError when no key fits, it is damaged, or it is of another format
 */
export async function unsealList(
  path: string,
  identities: string[],
  { out, force, format }: { out: string; force: boolean; format: TableFormat | null },
): Promise<void> {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  const sealed = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>
  let clear: AsyncIterable<Uint8Array>
  try {
    clear = (await decrypter.decrypt(sealed)) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw new UnsealError(explain(path, identities, error as Error))
  }
  async function* checked() {
    let first = true
    try {
      for await (const part of clear) {
        if (first) checkFormat(path, part, format)
        first = false
        yield part
      }
    } catch (error) {
      throw error instanceof UnsealError
        ? error
        : new UnsealError(explain(path, identities, error as Error))
    }
  }
  await writeFileWhole(out, checked(), { mode: 0o600, overwrite: force })
}

function explain(path: string, identities: string[], { message }: Error): string {
  if (!message.startsWith('no identity matched')) {
    return `${path} is damaged, so nothing was written: export or copy it again`
  }
  const recipients = identities.map(recipientOf).join(', ')
  return `${path} does not open with ${identities.length > 1 ? 'these keys' : 'this key'}, so nothing was written: ${recipients} is not among the recipients that it is sealed to`
}

/** A workbook under the name of a CSV opens in nothing. */
function checkFormat(path: string, start: Uint8Array, wanted: TableFormat | null): void {
  const is = formatOf(start)
  if (wanted === null || wanted === is) return
  throw new UnsealError(
    `${path} holds ${is.toUpperCase()}, so nothing was written: end --out in .${is}, or export it again with --format ${wanted}`,
  )
}

function formatOf(start: Uint8Array): TableFormat {
  const text = Buffer.from(start.subarray(0, 2)).toString('latin1')
  return text === 'PK' ? 'xlsx' : text.startsWith('[') ? 'json' : 'csv'
}
