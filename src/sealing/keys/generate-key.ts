import { open } from 'node:fs/promises'
import { formatIdentity, formatRecipient } from '../age/recipient.ts'
import { generatePrivateKey } from '../age/x25519-keys.ts'
import { UnsealError } from '../unseal/unseal-error.ts'
import { formatKeyFile } from './key-file.ts'

export interface NewKey {
  /** `age1…`: public. */
  recipient: string
  /** The key file: whoever has it reads every record that is sealed to the recipient. */
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

/** For its owner alone. @throws UnsealError: a key that is there is never overwritten */
export async function writeKeyFile(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'EEXIST'
        ? 'is there already, and a key is never overwritten'
        : `can't be written (${code})`
    throw new UnsealError(`${path} ${why}: choose another --out`)
  }
}
