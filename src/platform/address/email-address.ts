import { domainToASCII } from 'node:url'
import { providers } from './email-providers.ts'
import { type FormerRules, formerRules } from './former-providers.ts'

const MAX_LENGTH = 254
const MAX_LOCAL_BYTES = 64

/**
 * Dot-atom of RFC 5322, opened to letters beyond ASCII by RFC 6531. Quoted local parts and address
 * literals are refused: no one types them, and mail libraries disagree about them.
 */
const LOCAL_PART =
  /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
/**
 * Labels in any script between the dots that IDNA knows. Checked first, since domainToASCII reads a
 * URL's host: it drops line breaks and what follows "/", "?" or "#", and decodes "%2e".
 */
const TYPED_DOMAIN = /^[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61-]+$/u
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/

/** Dots wherever they stand but at the beginning, in ASCII: see `dots` of the providers. */
const DOTTED_PART = /^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-][a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]*$/

export interface EmailAddress {
  /** As typed, trimmed: mail is sent to this form. */
  typed: string
  /** As typed, with the domain in lower-case ASCII: the key of one exact spelling. */
  exact: string
  /** One form for all spellings that are certainly the same mailbox: duplicates are found by it. */
  normalised: string
}

/** Null when mail can't be sent to it. */
export function parseEmail(input: string): EmailAddress | null {
  const typed = input.trim().normalize('NFC')
  const at = typed.lastIndexOf('@')
  if (at < 1 || typed.length > MAX_LENGTH) return null
  const local = typed.slice(0, at)
  if (!TYPED_DOMAIN.test(typed.slice(at + 1))) return null
  // domainToASCII lower-cases, maps full-width dots and letters, and gives '' for an invalid host.
  const domain = domainToASCII(typed.slice(at + 1))
  if (!DOMAIN.test(domain) || local.length + domain.length + 1 > MAX_LENGTH) return null
  // A ligature may fold to several letters, and some letters to a space: both forms must be valid.
  const folded = local.normalize('NFKC').toLowerCase().normalize('NFKC')
  if (!isLocalPart(local, domain) || !isLocalPart(folded, domain)) return null
  const normalised = normalise(lowerCase(local), domain, { providers })
  return { typed, exact: `${local}@${domain}`, normalised }
}

const lowerCase = (local: string) => local.toLowerCase().normalize('NFC')

function isLocalPart(local: string, domain: string): boolean {
  if (Buffer.byteLength(local) > MAX_LOCAL_BYTES) return false
  return LOCAL_PART.test(local) || (providers[domain]?.dots === true && DOTTED_PART.test(local))
}

type Rules = Pick<FormerRules, 'providers' | 'plusEverywhere'>

/** Idempotent: a normalised address stays the same. */
function normalise(
  local: string,
  asciiDomain: string,
  { providers, plusEverywhere }: Rules,
): string {
  const domain = providers[asciiDomain]?.same ?? asciiDomain
  const rule = providers[domain]
  const base = plusEverywhere || rule?.plus ? withoutTag(local) : local
  const bare = rule?.ignored ? base.replace(rule.ignored, '') : base
  return `${asAlike(bare || base, rule?.alike)}@${domain}`
}

function asAlike(local: string, [first, ...others]: string = ''): string {
  return others.reduce((text, other) => text.replaceAll(other, first!), local)
}

/** "ann+petitions" is ann's mailbox (RFC 5233); "+ann" has no base to keep. */
function withoutTag(local: string): string {
  const plus = local.indexOf('+')
  return plus > 0 ? local.slice(0, plus).replace(/\.$/, '') : local
}

/** A mailbox as a former table of providers normalised it. */
interface FormerMailbox {
  normalised: string
  /** Whether all spellings that the former table joined are one mailbox today, too. */
  sure: boolean
  keptAddresses: boolean
}

/** The forms that former tables gave this mailbox, where they differ from today's; oldest first. */
export function formerMailboxes({ exact, normalised }: EmailAddress): FormerMailbox[] {
  const at = exact.lastIndexOf('@')
  const domain = exact.slice(at + 1)
  const local = lowerCase(exact.slice(0, at))
  return formerRules.flatMap((rules) => {
    const folded = rules.foldsWidth
      ? local.normalize('NFKC').toLowerCase().normalize('NFKC')
      : local
    const former = normalise(folded, domain, rules)
    if (former === normalised && !providers[providers[domain]?.same ?? domain]?.apart) return []
    const { keptAddresses } = rules
    return [{ normalised: former, keptAddresses, sure: isSure(rules, domain) }]
  })
}

/** Whether today's rule joins all spellings that the former one joined. */
function isSure({ providers: former, plusEverywhere }: FormerRules, domain: string): boolean {
  const before = former[former[domain]?.same ?? domain]
  const now = providers[providers[domain]?.same ?? domain]
  return (
    (!(plusEverywhere || before?.plus) || now?.plus === true) &&
    (!before?.ignored || before.ignored.source === now?.ignored?.source) &&
    (!before?.alike || before.alike === now?.alike)
  )
}

/**
 * The key of caps on mails: one form for every spelling that may reach the same mailbox. It may join two people,
 * who then share a cap; so nothing but caps may use it.
 *
 * @param normalised as parseEmail gives it
 */
export function foldForCaps(normalised: string): string {
  const at = normalised.lastIndexOf('@')
  const [, user, parent] = /^([^.]+)\.([^.]+\.[^.]+)$/.exec(normalised.slice(at + 1)) ?? []
  if (user && providers[parent!]?.subdomains) return `${user}@${parent}`
  return `${withoutTag(normalised.slice(0, at))}@${normalised.slice(at + 1)}`
}

/**
 * The text that a mailbox's tag is made from. Where a former rule joined spellings that today's keeps apart, a zero
 * byte, which no address has, keeps it from equalling a text of the former rule.
 */
export function tagText(normalised: string): string {
  return providers[normalised.slice(normalised.lastIndexOf('@') + 1)]?.apart
    ? `${normalised}\0apart`
    : normalised
}
