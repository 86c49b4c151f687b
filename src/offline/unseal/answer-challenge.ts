import { armor } from 'age-encryption'
import { openSealed } from '../../sealing/age/open-sealed.ts'
import { createIdentity } from '../../sealing/age/x25519.ts'
import { isSealedFile, readIdentities, readSmallFile, toText } from './read-identities.ts'
import { UnsealError } from './unseal-error.ts'

/**
 * One short line. A sealed record is JSON of 256 bytes or more: were it opened here, somebody could be
 * brought to send a signer's data off as the answer to a "challenge".
 */
const ANSWER = /^[\w-]{1,100}$/
const ARMOUR_BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----'
const ARMOUR_END = '-----END AGE ENCRYPTED FILE-----'

/** @param path an age file, armoured or not. @throws UnsealError */
export async function answerChallenge(path: string, keyFiles: string[]): Promise<string> {
  const identities = (await readIdentities(keyFiles)).map(createIdentity)
  const sealed = removeArmour(await readSmallFile(path), path)
  const opened = await openSealed(identities, sealed).catch(() => {
    throw new UnsealError(noChallenge(path))
  })
  if (!opened) {
    throw new UnsealError(
      `${path} was made for another key: answer it with the key of its recipient`,
    )
  }
  const answer = Buffer.from(opened).toString().trim()
  if (ANSWER.test(answer)) return answer
  throw new UnsealError(`${noChallenge(path)}; what is in it is not shown`)
}

/** @throws UnsealError when it is neither a sealed file nor text */
function removeArmour(file: Buffer, path: string): Uint8Array {
  if (isSealedFile(file)) return file
  // A mail program may have put something before and after it, in whatever encoding: it is ASCII itself.
  const text = file.toString('latin1')
  const begin = text.indexOf(ARMOUR_BEGIN)
  const end = text.lastIndexOf(ARMOUR_END)
  if (begin < 0 || end < begin) {
    // PowerShell's `>` writes UTF-16.
    toText(file, path)
    return file
  }
  try {
    return armor.decode(text.slice(begin, end + ARMOUR_END.length))
  } catch {
    return file
  }
}

const noChallenge = (path: string) => `${path} is no challenge, or damaged: ask for it again`
