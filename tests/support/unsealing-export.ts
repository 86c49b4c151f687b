import { randomBytes } from 'node:crypto'
import { Encrypter } from 'age-encryption'
import { formatIdentity, formatRecipient } from '../../src/sealing/age/recipient.ts'
import { generatePrivateKey } from '../../src/sealing/age/x25519-keys.ts'
import { createRecipient } from '../../src/sealing/age/x25519-recipient.ts'
import { commit } from '../../src/sealing/record/commitment.ts'
import { EXPORT_FORMAT, formatExportLine } from '../../src/sealing/record/export-file.ts'
import { encodeRecord, type SignerRecord } from '../../src/sealing/record/sealed-record.ts'
import { signerRecord } from './signer-record.ts'

export const SLUG = 'free-them'

export interface Keys {
  identity: string
  recipient: string
}

export function newKeys(): Keys {
  const { raw, publicKey } = generatePrivateKey()
  return { identity: formatIdentity(raw), recipient: formatRecipient(publicKey) }
}

/** One line of an export; `line` overwrites what it says of the record. */
export async function sealLine(
  recipients: readonly string[],
  fields: Partial<SignerRecord>,
  line: { id?: string; commitment?: Uint8Array } = {},
): Promise<string> {
  const r = randomBytes(32)
  const record = signerRecord({ slug: SLUG, r: r.toString('base64'), ...fields })
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(createRecipient(recipient))
  return formatExportLine({
    id: record.id,
    index: Number(record.id) - 1,
    commitment: commit(r, record),
    sealed: await encrypter.encrypt(encodeRecord(record)),
    ...line,
  })
}

/** @param announced how many records the header says there are */
export function exportFile(lines: readonly string[], announced = lines.length): string {
  const header = {
    format: EXPORT_FORMAT,
    petition: SLUG,
    checkpoint: null,
    records: announced,
    exportedAt: '2026-03-04T05:06:07.000Z',
  }
  return [JSON.stringify(header), ...lines, ''].join('\n')
}
