import {
  type ExportHeader,
  parseExportHeader,
  parseExportLine,
} from '../../../sealing/record/export-file.ts'
import { type Batch, readBatches, splitLines } from './read-batches.ts'

const PIECE_BYTES = 1 << 20
/** Room for a checkpoint with many witnesses; another kind of file is told without reading all of it. */
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
 * Reads the whole file once, before anything is opened: who chose half a file should hear so at once.
 *
 * @param onRead told how many bytes have been read
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
