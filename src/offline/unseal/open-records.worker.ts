import { workerData } from 'node:worker_threads'
import { Encrypter } from 'age-encryption'
import { openSealed } from '../../sealing/age/open-sealed.ts'
import { createIdentity, createRecipient } from '../../sealing/age/x25519.ts'
import {
  type ExportLine,
  formatExportLine,
  indexOfLine,
  parseExportLine,
} from '../../sealing/record/export-file.ts'
import { openRecord } from '../../sealing/record/open-record.ts'
import type { SignerRecord } from '../../sealing/record/sealed-record.ts'
import type { Line } from './open-export.ts'

/** Runs in a thread of its own; several share an export between them. */

export interface OpenTask {
  petition: string
  lines: Line[]
}

/** A record, and the entry of the public log that its line says is its own. */
export interface ListedRecord extends SignerRecord {
  index: number | null
}

export type Problem = 'other keys' | 'damaged' | 'misplaced' | 'mismatch' | 'no record'

export interface LineOutcome {
  /** Of the line in the file, from 1. */
  number: number
  outcome: 'opened' | Problem
  /** Null when the line is no record. */
  id: string | null
  /** The entry of the public log that the line says is its own; null when it says none. */
  index: number | null
  /** Of those that opened, and of mismatches. */
  record: ListedRecord | null
  /** The line of the resealed file, a character for each byte: a record that doesn't open stays as it was. */
  resealed: string | null
}

export interface ThreadKeys {
  identities: string[]
  /** Empty unless the records are sealed anew. */
  recipients: string[]
}

/** tinypool hands over the pool's workerData as the second of two values. */
const [, keys] = workerData as [unknown, ThreadKeys]
const identities = keys.identities.map(createIdentity)
const recipients = keys.recipients.map(createRecipient)

export default async function openRecords({ petition, lines }: OpenTask): Promise<LineOutcome[]> {
  const outcomes: LineOutcome[] = []
  for (const line of lines) outcomes.push(await openLine(petition, line))
  return outcomes
}

async function openLine(petition: string, { number, text }: Line): Promise<LineOutcome> {
  const asItWas = recipients.length > 0 ? text : null
  const line = parseExportLine(text)
  if (!line) {
    const index = indexOfLine(text)
    return { number, outcome: 'no record', id: null, index, record: null, resealed: asItWas }
  }
  let plaintext: Uint8Array | null = null
  const decrypt = async (sealed: Uint8Array) => {
    plaintext = await openSealed(identities, sealed)
    return plaintext
  }
  const opened = await openRecord(decrypt, petition, line)
  return {
    number,
    outcome: opened.outcome,
    id: line.id,
    index: line.index,
    record: 'record' in opened ? { ...opened.record, index: line.index } : null,
    resealed: plaintext && asItWas ? await sealAnew(line, plaintext) : asItWas,
  }
}

/** Seals the very bytes that were opened, so that a later check finds the same. */
async function sealAnew(line: ExportLine, plaintext: Uint8Array): Promise<string> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return formatExportLine({ ...line, sealed: await encrypter.encrypt(plaintext) })
}
