import { writeFileWhole } from '../../platform/files/write-out.ts'
import { formatIdentity, formatKeyFile, formatRecipient } from '../../sealing/age/recipient.ts'
import { generatePrivateKey } from '../../sealing/age/x25519.ts'

interface NewKey {
  /** `age1…`: public. */
  recipient: string
  /** The key file, which opens every record that is sealed to the recipient. */
  text: string
}

export function generateKey(now: Date): NewKey {
  const { raw, publicKey } = generatePrivateKey()
  const recipient = formatRecipient(publicKey)
  return {
    recipient,
    text: formatKeyFile({ identity: formatIdentity(raw), recipient, created: now }),
  }
}

/** For its owner alone. @throws ExportError: a key that is there is never overwritten */
export async function writeKeyFile(path: string, text: string): Promise<void> {
  await writeFileWhole(path, text, { mode: 0o600, overwrite: false })
}
