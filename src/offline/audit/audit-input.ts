import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { attempt, MalformedError, parseDecimal } from '../../log/core/canonical.ts'
import type { LogSource } from '../../log/core/check-log.ts'
import { ExpectedError } from '../../platform/expected-error.ts'
import { decodeText, explainEncoding } from '../../platform/files/decode-text.ts'
import { explainFileError } from '../../platform/files/explain-errno.ts'
import { safeText } from '../../platform/terminal/escape-unsafe.ts'
import { openSource, readLogSource, readVkeys } from '../verify/source/open-source.ts'
import { DRAW_FORMAT, parseDraw } from './draw-file.ts'

const LIST = /^\d[\d\s,]*$/

/**
 * Numbers of entries as people give them: `12,15,99`, or a file with such a list, a number a line if they
 * like.
 *
 * @param draws whether the file may be a draw, too, whose entries are then meant
 * @returns each once, in their order
 * @throws AuditError
 */
export async function readIndexes(given: string, { draws = false } = {}): Promise<number[]> {
  if (LIST.test(given)) return parseList(given, given)
  const text = await readTextOf(given)
  if (!text.trimStart().startsWith('{')) return parseList(text, given)
  const draw = draws ? parseDraw(text) : null
  if (draw) return [...draw.indexes]
  throw new AuditError(
    draws
      ? `${safeText(given)} is no draw (${DRAW_FORMAT}) and no list of entry numbers`
      : `${safeText(given)} is no list of entry numbers: give numbers between commas, or a file of them`,
  )
}

function parseList(text: string, given: string): number[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  if (words.length === 0) throw new AuditError(`${safeText(given)} names no entry`)
  const indexes = words.map((word) => {
    const index = attempt(() => parseDecimal(word))
    if (!(index instanceof MalformedError)) return index
    throw new AuditError(
      `"${safeText(word.slice(0, 40))}" in ${safeText(given.slice(0, 200))} is no number of an entry`,
    )
  })
  return [...new Set(indexes)]
}

/** An audit can't go on, or found fraud: the message is one line that says what and why. */
export class AuditError extends ExpectedError {}

/** Opens a log by a site's address or a folder. Nothing of it is verified yet. @throws VerifyError */
export type OpenLog = (at: string) => Promise<{ source: LogSource; vkey: string }>

/** The log as it is served now, or as a copy holds it. */
export const openLog: OpenLog = async (at) => {
  const opened = await openSource(at)
  const { vkeys, unknown } = await readVkeys(opened)
  for (const key of unknown)
    console.error(`Warning: a key of the log is passed over: ${safeText(key)}.`)
  const [vkey] = vkeys
  if (!vkey) throw new AuditError(`${opened.name} hands out no key of its log: check the address`)
  return { source: await readLogSource(opened), vkey }
}

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
