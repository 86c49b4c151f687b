import { randomBytes } from 'node:crypto'
import { Encrypter } from 'age-encryption'
import { createRecipient } from '../../src/sealing/age/x25519-recipient.ts'
import { commit } from '../../src/sealing/record/commitment.ts'
import { EXPORT_FORMAT, formatExportLine } from '../../src/sealing/record/export-file.ts'
import { encodeRecord, type SignerRecord } from '../../src/sealing/record/sealed-record.ts'
import { signerRecord } from './signer-record.ts'

/** One line of an export, as the sealing job makes it. */
export async function sealedLine(
  fields: Partial<SignerRecord>,
  recipients: string[],
  { id }: { id?: string } = {},
): Promise<string> {
  const r = randomBytes(32)
  const record = signerRecord({ ...fields, r: r.toString('base64') })
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(createRecipient(recipient))
  return formatExportLine({
    id: id ?? record.id,
    index: null,
    commitment: commit(r, record),
    sealed: await encrypter.encrypt(encodeRecord(record)),
  })
}

export function exportText(lines: string[], { records = lines.length } = {}): string {
  const header = {
    format: EXPORT_FORMAT,
    petition: 'free-them',
    checkpoint: null,
    records,
    exportedAt: '2026-01-02T03:04:05.000Z',
  }
  return `${[JSON.stringify(header), ...lines].join('\n')}\n`
}
