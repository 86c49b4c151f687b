import { openSealed } from '../../../sealing/age/open-sealed.ts'
import { type ExportLine, parseExportLine } from '../../../sealing/record/export-file.ts'
import { type Decrypt, type OpenedRecord, openRecord } from '../../../sealing/record/open-record.ts'
import type { SignerRecord } from '../../../sealing/record/sealed-record.ts'
import { type Batch, splitLines } from './read-batches.ts'
import { fold } from './select-signers.ts'

/**
 * A signer as the list holds them. Without the blinding r: together with the public log it would prove
 * to a third party that this person signed.
 */
export interface Signer extends Omit<SignerRecord, 'r' | 'version' | 'slug'> {
  /** Of the record in the file, from 1. */
  line: number
  /** Its index in the public log; null when it is not yet there. */
  index: number | null
  /** The folded text that the search looks through. */
  find: string
}

export type LineOutcome = OpenedRecord['outcome'] | 'no record'

export interface OpenedLine {
  line: number
  outcome: LineOutcome
  /** As the line says; null when it can't be read. */
  id: string | null
  /** Null when it could not be opened, or is not the record that its line names. */
  signer: Signer | null
}

export interface OpenBatch extends Batch {
  petition: string
  identities: string[]
}

/** @param breathe awaited between records: gives way to others where this is not a thread of its own */
export async function openBatch(
  { petition, identities, ...batch }: OpenBatch,
  breathe: () => Promise<void> | undefined,
): Promise<OpenedLine[]> {
  const decrypt: Decrypt = (sealed) => openSealed(identities, sealed)
  const opened: OpenedLine[] = []
  for (const { line, text } of splitLines(batch)) {
    if (line === 1) continue
    await breathe()
    const parsed = parseExportLine(text)
    if (!parsed) {
      opened.push({ line, outcome: 'no record', id: null, signer: null })
      continue
    }
    const result = await openRecord(decrypt, petition, parsed)
    const signer = 'record' in result ? toSigner(result.record, parsed, line) : null
    opened.push({ line, outcome: result.outcome, id: parsed.id, signer })
  }
  return opened
}

function toSigner(record: SignerRecord, { index }: ExportLine, line: number): Signer {
  const { r: _, version: __, slug: ___, ...kept } = record
  const { id, name, email, normalisedEmail, postcode, comment, source } = kept
  const find = fold([name, email, normalisedEmail, postcode, comment, source, id].join('\n'))
  return { ...kept, line, index, find }
}
