import {
  type ExportHeader,
  parseExportHeader,
  parseExportLine,
} from '../../../sealing/record/export-file.ts'

/** A line longer than this is none of a record: it is handed on in pieces, so that memory stays small. */
const LONGEST_LINE_BYTES = 1 << 20
const NEWLINE = 0x0a

/** Whole lines of a file, in its order. */
export interface Batch {
  /** Of its first line, from 1. */
  line: number
  bytes: Uint8Array<ArrayBuffer>
}

/**
 * Reads a file piece by piece, cut between lines: a file of a million records is larger than any string
 * that a browser can hold.
 *
 * @param pieceBytes about how much a batch holds
 * @throws DOMException when the file can't be read, or no longer
 */
export async function* readBatches(file: Blob, pieceBytes: number): AsyncGenerator<Batch> {
  let line = 1
  let rest = new Uint8Array(0)
  for (let offset = 0; offset < file.size; offset += pieceBytes) {
    const piece = new Uint8Array(await file.slice(offset, offset + pieceBytes).arrayBuffer())
    const bytes = join(rest, piece)
    const last = offset + pieceBytes >= file.size
    const lineEnd = bytes.lastIndexOf(NEWLINE) + 1
    const end = last || bytes.length - lineEnd > LONGEST_LINE_BYTES ? bytes.length : lineEnd
    rest = bytes.slice(end)
    if (end === 0) continue
    const batch = { line, bytes: bytes.slice(0, end) }
    line += countNewlines(batch.bytes)
    yield batch
  }
}

/** The lines of a batch with their numbers; those without a word on them are left out. */
export function splitLines({ line, bytes }: Batch): { line: number; text: string }[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map((text, index) => ({ line: line + index, text }))
    .filter(({ text }) => text.trim() !== '')
}

function join(before: Uint8Array, after: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(before.length + after.length)
  joined.set(before)
  joined.set(after, before.length)
  return joined
}

function countNewlines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++
  return count
}

const PIECE_BYTES = 1 << 20
/** Room for a checkpoint with many witnesses; another kind of file is refused without reading all of it. */
const LONGEST_HEADER_BYTES = 1 << 16
/** Lines from all over the file that tell whether a key fits at all. */
const SAMPLE_LINES = 24

export interface Survey {
  header: ExportHeader
  /** Lines after the header that hold anything. */
  lines: number
  /** The copy ended early: there are fewer lines than the header says, or the last one breaks off. */
  short: boolean
  sample: Batch[]
}

/**
 * Reads the whole file once, before anything is opened, so that half a file is refused at once.
 *
 * @param onRead called with the number of bytes that have been read
 * @returns null when it is no export of a version known here
 */
export async function surveyExport(
  file: Blob,
  onRead: (bytes: number) => void,
): Promise<Survey | null> {
  const start = await file.slice(0, LONGEST_HEADER_BYTES).text()
  const header = parseExportHeader(start.split('\n', 1)[0]!)
  if (!header) return null
  const sample: Batch[] = []
  const step = Math.max(1, Math.floor(header.records / SAMPLE_LINES))
  let lines = 0
  let read = 0
  let last = ''
  for await (const batch of readBatches(file, PIECE_BYTES)) {
    for (const { line, text } of splitLines(batch)) {
      if (line === 1) continue
      if (lines % step === 0) sample.push({ line, bytes: new TextEncoder().encode(text) })
      lines++
      last = text
    }
    read += batch.bytes.length
    onRead(read)
  }
  const ended = (await file.slice(-1).text()) === '\n'
  const brokenOff = lines > 0 && !ended && parseExportLine(last) === null
  return { header, lines, short: lines < header.records || brokenOff, sample }
}
