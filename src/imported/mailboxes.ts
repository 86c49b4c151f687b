import { createHmac, type Hmac } from 'node:crypto'
import type { Petition } from '../petition/petition.ts'
import { type EmailAddress, formerMailboxes, tagText } from '../platform/address/email-address.ts'
import type { Keyring } from '../platform/keyring.ts'
import { decrypt, emailTag, encrypt, unwrapTagKey } from '../sealing/signer-details.ts'
import { markOf } from './marks.ts'
import { ImportError } from './open-file.ts'

const FILE = 'imported-file\0'
const ADDRESS = 'invitation-address'

/** What mailboxes of a petition are recognised by. */
export interface MailboxKeys extends Pick<Keyring, 'imports'> {
  tags: Buffer
}

/** @throws ImportError for an archived petition, whose key is destroyed */
export function mailboxKeys({ tagKey, slug }: Petition, keyring: Keyring): MailboxKeys {
  if (tagKey) return { tags: unwrapTagKey(keyring, tagKey), imports: keyring.imports }
  throw new ImportError(`${slug} is archived: no mailbox can be recognised any more`)
}

/** Of a mailbox. */
export interface Tags {
  /** Today's, as its signature would get it. */
  tag: Buffer
  /** Those that former rules gave. */
  former: Buffer[]
  /** Of all of them, today's first. */
  marks: [Buffer, ...Buffer[]]
}

export function tagsOf(keys: MailboxKeys, email: EmailAddress): Tags {
  const tag = emailTag(keys.tags, tagText(email.normalised))
  const former = formerMailboxes(email).map(({ normalised }) => emailTag(keys.tags, normalised))
  return { tag, former, marks: [markOf(keys, tag), ...former.map((each) => markOf(keys, each))] }
}

/** Recognises a file without saying anything of it: a plain hash of a short one could be guessed. */
export const fileHash = ({ tags }: MailboxKeys): Hmac => createHmac('sha256', tags).update(FILE)

export const encryptInvited = (keyring: Keyring, email: string): Buffer =>
  encrypt(keyring.details, ADDRESS, Buffer.from(email))

export const decryptInvited = (keyring: Keyring, message: Buffer): string =>
  decrypt(keyring.details, ADDRESS, message).toString()
