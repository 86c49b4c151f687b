import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { decodeText, explainEncoding } from '../../platform/files/decode-text.ts'
import { explainFileError } from '../../platform/files/explain-errno.ts'
import { safeText } from '../verify/safe-text.ts'
import { AuditError } from './audit-error.ts'

/** A hundred thousand opened records; a whole export named by mistake is refused. */
const LARGEST_BYTES = 64_000_000

/** @throws AuditError */
export async function readTextOf(path: string): Promise<string> {
  const bytes = await readFileOf(path)
  const text = decodeText(bytes)
  if (text !== null) return text
  throw new AuditError(explainEncoding(bytes, safeText(path)))
}

/** @throws AuditError */
export async function readFileOf(path: string): Promise<Buffer> {
  let bytes: Buffer
  try {
    bytes = await buffer(createReadStream(path, { end: LARGEST_BYTES }))
  } catch (error) {
    const fault = explainFileError(safeText(path), 'read', error)
    throw fault === null ? error : new AuditError(`${fault}; check its name`)
  }
  if (bytes.length <= LARGEST_BYTES) return bytes
  throw new AuditError(`${safeText(path)} is too large for this: check its name`)
}
