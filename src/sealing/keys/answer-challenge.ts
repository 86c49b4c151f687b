import { armor } from 'age-encryption'
import { openSealed } from '../age/open-sealed.ts'
import { createIdentity } from '../age/x25519-recipient.ts'
import { UnsealError } from '../unseal/unseal-error.ts'
import { readIdentities } from './read-identities.ts'
import { readSmallFile } from './read-small-file.ts'

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
  const opened = await openSealed(identities, removeArmour(await readSmallFile(path))).catch(() => {
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

function removeArmour(file: Buffer): Uint8Array {
  const text = file.toString()
  try {
    // A mail program may have put something before and after it.
    const begin = text.indexOf(ARMOUR_BEGIN)
    const end = text.lastIndexOf(ARMOUR_END)
    return begin < 0 || end < begin
      ? file
      : armor.decode(text.slice(begin, end + ARMOUR_END.length))
  } catch {
    return file
  }
}

const noChallenge = (path: string) => `${path} is no challenge, or damaged: ask for it again`
