import { createHash } from 'node:crypto'
import { workerData } from 'node:worker_threads'
import { Encrypter } from 'age-encryption'
import { openSealed } from '../age/open-sealed.ts'
import { createIdentity, createRecipient } from '../age/x25519-recipient.ts'
import { formatExportLine, parseExportLine } from '../record/export-file.ts'
import { openRecord } from '../record/open-record.ts'
import { encodeRecord, type SignerRecord } from '../record/sealed-record.ts'

/** Runs in a thread of its own; several share an export between them. */

export interface OpenTask {
  petition: string
  lines: string[]
}

export type Problem = 'other keys' | 'damaged' | 'misplaced' | 'mismatch'

export type LineOutcome =
  | { outcome: 'opened'; record: SignerRecord; resealed: string | null }
  | { outcome: Problem; id: string }
  /** Not a record at all. */
  | { outcome: 'no record' }

export interface ThreadKeys {
  identities: string[]
  /** Empty unless the records are sealed anew. */
  recipients: string[]
}

const [, keys] = workerData as [unknown, ThreadKeys]
const identities = keys.identities.map(createIdentity)
const recipients = keys.recipients.map(createRecipient)

const opener = {
  decrypt: (sealed: Uint8Array) => openSealed(identities, sealed),
  sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest(),
}

export default async function openRecords({ petition, lines }: OpenTask): Promise<LineOutcome[]> {
  const outcomes: LineOutcome[] = []
  for (const text of lines) outcomes.push(await openOne(petition, text))
  return outcomes
}

async function openOne(petition: string, text: string): Promise<LineOutcome> {
  const line = parseExportLine(text)
  if (!line) return { outcome: 'no record' }
  const opened = await openRecord(opener, petition, line)
  if (opened.outcome !== 'opened') return { outcome: opened.outcome, id: line.id }
  const { record } = opened
  if (recipients.length === 0) return { outcome: 'opened', record, resealed: null }
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  const sealed = await encrypter.encrypt(encodeRecord(record))
  return { outcome: 'opened', record, resealed: formatExportLine({ ...line, sealed }) }
}
