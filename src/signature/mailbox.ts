import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Petition } from '../petition/petition.ts'
import {
  type EmailAddress,
  formerMailboxes,
  parseEmail,
  tagText,
} from '../platform/address/email-address.ts'
import type { Keyring } from '../platform/keyring.ts'
import { addressHash, emailTag, unwrapTagKey } from '../sealing/signer-details.ts'
import { LOST_VERSION } from './signature.ts'

/** An archived petition's tag key is destroyed: nobody can sign it, and no address can be looked up. */
export class PetitionArchivedError extends Error {}

/** The tags under which a mailbox's signature of a petition may be found. */
export interface Mailbox {
  /** The tag that a new signature gets. */
  tag: Buffer
  /** Tags that an older signature may have by a former table of providers; nearly always none. */
  former: FormerTag[]
}

interface FormerTag {
  tag: Buffer
  /** The hash that its row must have: null means any, no bytes that it has none. */
  address: Buffer | null
}

const NO_ADDRESS = Buffer.alloc(0)

/**
 * A row with a tag of former rules is the mailbox's if today's rules join all addresses that those joined, or if it
 * was confirmed through exactly this address. Rows of before addresses were kept are the mailbox's, as they were then.
 *
 * @throws PetitionArchivedError
 */
export function mailboxFor(
  petition: Petition,
  keyring: Keyring,
  { email, normalisedEmail }: { email: string; normalisedEmail: string },
): Mailbox {
  const address = parseEmail(email)
  if (!address) return { tag: tagFor(petition, keyring, normalisedEmail), former: [] }
  const former = formerMailboxes(address).map(({ normalised, sure, keptAddresses }) => ({
    tag: formerTagFor(petition, keyring, normalised),
    address: keptAddresses ? (sure ? null : addressFor(petition, keyring, address)) : NO_ADDRESS,
  }))
  return { tag: tagFor(petition, keyring, address.normalised), former }
}

/** The keyed tag of a mailbox for one petition. @throws PetitionArchivedError */
export function tagFor(petition: Petition, keyring: Keyring, normalisedEmail: string): Buffer {
  return emailTag(tagKeyOf(petition, keyring), tagText(normalisedEmail))
}

/** The tag that a former table of providers gave. @throws PetitionArchivedError */
export function formerTagFor(petition: Petition, keyring: Keyring, normalised: string): Buffer {
  return emailTag(tagKeyOf(petition, keyring), normalised)
}

/** The keyed hash of an address, spelt exactly so, for one petition. @throws PetitionArchivedError */
export function addressFor(petition: Petition, keyring: Keyring, { exact }: EmailAddress): Buffer {
  return addressHash(tagKeyOf(petition, keyring), exact)
}

function tagKeyOf({ tagKey, slug }: Petition, keyring: Keyring): Buffer {
  if (!tagKey) throw new PetitionArchivedError(`${slug} is archived`)
  return unwrapTagKey(keyring, tagKey)
}

/** Whether a row of `signature s` is the mailbox's: one look into the index for each tag. */
export function isOf({ tag, former }: Mailbox): RawBuilder<SqlBool> {
  if (former.length === 0) return sql<SqlBool>`s.tag = ${tag}`
  return sql<SqlBool>`
    s.tag = any (${[tag, ...former.map((each) => each.tag)]}::bytea[])
    and (s.tag = ${tag} or exists (
      select from unnest(${former.map((each) => each.tag)}::bytea[],
                         ${former.map((each) => each.address)}::bytea[]) as f (tag, address)
       where ${FITS_FORMER}))`
}

/** The row that has the tag of today before any other. */
export const todaysFirst = ({ tag }: Mailbox) => sql`s.tag = ${tag}`

/** Whether a row of `signature s` answers a former tag `f`. Not a lost one, of whose address nothing is known. */
export const FITS_FORMER = sql`
  f.tag = s.tag and s.text_version <> ${sql.lit(LOST_VERSION)}
  and coalesce(s.address, '\\x') = coalesce(f.address, s.address)`
