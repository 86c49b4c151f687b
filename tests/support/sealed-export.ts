import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { Encrypter } from 'age-encryption'
import type { ListedRecord } from '../../src/offline/unseal/open-records.worker.ts'
import { formatIdentity, formatRecipient } from '../../src/sealing/age/recipient.ts'
import { createRecipient, generatePrivateKey } from '../../src/sealing/age/x25519.ts'
import { commit } from '../../src/sealing/record/commitment.ts'
import {
  EXPORT_FORMAT,
  type ExportLine,
  formatExportLine,
} from '../../src/sealing/record/export-file.ts'
import { encodeRecord, type SignerRecord } from '../../src/sealing/record/sealed-record.ts'

/** Whether the plain age tool is installed. */
export function findAge(): boolean {
  try {
    execFileSync('age', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export const SLUG = 'free-them'

export interface Keys {
  identity: string
  recipient: string
}

export function newKeys(): Keys {
  const { raw, publicKey } = generatePrivateKey()
  return { identity: formatIdentity(raw), recipient: formatRecipient(publicKey) }
}

/** A record as it would be sealed, with what a test cares for put in. */
export function signerRecord(fields: Partial<SignerRecord>): SignerRecord {
  return {
    version: 1,
    slug: SLUG,
    id: '1',
    r: Buffer.alloc(32, 7).toString('base64'),
    name: 'Ann Lee',
    email: 'Ann@Example.org',
    normalisedEmail: 'ann@example.org',
    country: 'AZ',
    postcode: 'AZ1000',
    comment: '',
    display: 'hidden',
    language: 'en',
    updates: false,
    consentVersion: 1,
    textVersion: 1,
    signedAt: '2026-01-02T03:04:05.000Z',
    confirmedAt: '2026-01-02T03:05:06.000Z',
    source: null,
    ...fields,
  }
}

/** The same, opened: with the entry that its line names. */
export function listedRecord({ index = null, ...fields }: Partial<ListedRecord>): ListedRecord {
  return { ...signerRecord(fields), index }
}

export function sealTo(recipients: readonly string[], bytes: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(createRecipient(recipient))
  return encrypter.encrypt(bytes)
}

/** One line of an export, as the sealing job makes it; `line` overwrites what it says of the record. */
export async function sealedLine(
  fields: Partial<SignerRecord>,
  recipients: readonly string[],
  line: Partial<ExportLine> = {},
): Promise<string> {
  const r = randomBytes(32)
  const record = signerRecord({ r: r.toString('base64'), ...fields })
  return formatExportLine({
    id: record.id,
    index: null,
    commitment: commit(r, record),
    sealed: await sealTo(recipients, encodeRecord(record)),
    ...line,
  })
}

/** @param records how many the header announces */
export function exportText(lines: readonly string[], { records = lines.length } = {}): string {
  const header = {
    format: EXPORT_FORMAT,
    petition: SLUG,
    checkpoint: null,
    records,
    exportedAt: '2026-01-02T03:04:05.000Z',
  }
  return `${[JSON.stringify(header), ...lines].join('\n')}\n`
}
