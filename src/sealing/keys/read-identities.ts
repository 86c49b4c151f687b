import { readFile } from 'node:fs/promises'
import { parseIdentity } from '../age/recipient.ts'
import { UnsealError } from '../unseal/unseal-error.ts'

/** The identities (`AGE-SECRET-KEY-1…`) in age key files. @throws UnsealError naming the file */
export async function readIdentities(files: string[]): Promise<string[]> {
  const found = await Promise.all(files.map(readKeyFile))
  return [...new Set(found.flat())]
}

async function readKeyFile(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UnsealError(`the key file ${file} can't be read (${error.code}): check --identity`)
  })
  if (text.startsWith('age-encryption.org/') || text.startsWith('-----BEGIN AGE')) {
    throw new UnsealError(
      `the key file ${file} is locked with a passphrase: open it with "age --decrypt --output key.txt ${file}" first`,
    )
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (identities.length === 0) {
    throw new UnsealError(`the key file ${file} holds no key: a line begins with AGE-SECRET-KEY-1`)
  }
  const wrong = identities.findIndex((line) => !parseIdentity(line))
  // The line itself may be a key with one letter wrong: it is not repeated.
  if (wrong >= 0) {
    throw new UnsealError(
      `the key file ${file}: key ${wrong + 1} is mistyped or of another kind; it begins with AGE-SECRET-KEY-1, and a wrong letter breaks it`,
    )
  }
  return identities
}
