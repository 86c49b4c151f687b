import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import {
  formatSignerKey,
  parseSignerKey,
  signerFromSeed,
} from '../../log/core/note/node-ed25519.ts'
import { COSIGNATURE_V1, isKeyName } from '../../log/core/note/note-key.ts'
import type { NoteSigner } from '../../log/core/note/sign-note.ts'
import { decodeText, explainEncoding } from '../../platform/files/decode-text.ts'
import { createFile } from '../../platform/files/write-whole.ts'
import { explainFileFault, WitnessError } from './witness-error.ts'

const SEED_BYTES = 32

/** Null when there is no such file. @throws WitnessError when it can't be read or is no witness's */
export async function readOwnKey(path: string): Promise<NoteSigner | null> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw explainFileFault(`the key ${path}`, 'read', error)
  })
  if (bytes === null) return null
  const text = decodeText(bytes)
  if (text === null) throw new WitnessError(explainEncoding(bytes, path))
  const signer = parse(text, path)
  if (signer.key.type === COSIGNATURE_V1) return signer
  throw new WitnessError(`the key ${path} is not a witness's but a log's: give --key another file`)
}

/** For its owner alone. A key that is there is never replaced. @throws WitnessError */
export async function makeOwnKey(path: string, name: string): Promise<NoteSigner> {
  if (!isKeyName(name)) {
    throw new WitnessError(
      `--name "${name}" can't be a witness's name: give it without spaces and plus signs, such as witness.example.org`,
    )
  }
  const seed = randomBytes(SEED_BYTES)
  const signer = signerFromSeed(name, COSIGNATURE_V1, seed)
  const text = `${formatSignerKey(signer, seed)}\n`
  await createFile(path, Buffer.from(text), { mode: 0o600 }).catch((error) => {
    throw explainFileFault(`the key ${path}`, 'written', error)
  })
  return signer
}

/** Messages never repeat the file's content: it may be a key with one letter wrong. */
function parse(text: string, path: string): NoteSigner {
  try {
    return parseSignerKey(text.trim())
  } catch {
    throw new WitnessError(
      `the key ${path} is damaged or none: restore it from its backup; it is one line that begins with PRIVATE+KEY+`,
    )
  }
}
