import { stripUnseen } from '../platform/strip-unseen.ts'
import type { ResolveCode } from './resolve-code.ts'
import { CODE_PATTERN, LONGEST_CODE } from './share-code.ts'

/** The source of all signatures that came by friends' links. */
const PERSONAL_SOURCE = 'personal'
/** Stands before a partner's code in the source breakdown. */
export const PARTNER_PREFIX = 'partner:'

export interface Attribution {
  /** Share code that brought the reader; empty when there is none. */
  ref: string
  /** The network or place of the link, for example `telegram`; empty when not given. */
  source: string
}

/**
 * The attribution in an address; a malformed code or `source` counts as absent. Mailing programs and networks write
 * `utm_source`, in any characters: it is the source where the link names none. Other such parameters are not read.
 */
export function readAttributionQuery(query: unknown): Attribution {
  const { ref, source, utm_source } = (query ?? {}) as Record<string, unknown>
  const clean = (value: unknown) => {
    const code = withoutTail(value)
    return CODE_PATTERN.test(code) ? code : ''
  }
  return { ref: clean(ref), source: clean(source) || toSource(utm_source) }
}

/**
 * A name as a source may be spelt: `Our+Supporters` is "Our-Supporters", `chatgpt.com` is "chatgpt-com". Empty where
 * no letter of a to z and no digit is in it.
 */
function toSource(given: unknown): string {
  if (typeof given !== 'string') return ''
  const name = given.normalize('NFKD').replace(/\p{M}/gu, '')
  const spelt = name.replace(/[^A-Za-z0-9_]+/g, '-').replace(/^-/, '')
  return /[A-Za-z0-9]/.test(spelt) ? spelt.slice(0, LONGEST_CODE).replace(/-$/, '') : ''
}

/** `?ref=…&source=…` for links within the site, or nothing. */
export function attributionQuery({ ref, source }: Attribution): string {
  const query = new URLSearchParams()
  if (ref) query.set('ref', ref)
  if (source) query.set('source', source)
  return query.size > 0 ? `?${query}` : ''
}

/** A code without the full stop, bracket, quotation mark or unseen character that a chat may have glued to its link. */
export function withoutTail(given: unknown): string {
  if (typeof given !== 'string') return ''
  const value = stripUnseen(given).trim()
  const [code = ''] = /^[A-Za-z0-9_-]*/.exec(value) ?? []
  return /[A-Za-z0-9_-]/.test(value.slice(code.length)) ? value : code
}

/**
 * A signature's origin as it is stored: the credited code, and the source it is counted under. A source
 * named in the address wins, then the kind of link; null where the signer came directly.
 */
export async function readAttribution(
  resolveCode: ResolveCode,
  petitionId: number,
  given: { ref: string | null; source: string | null },
): Promise<{ ref: string | null; source: string | null }> {
  const found = given.ref ? await resolveCode(given.ref) : null
  const share = found?.petitionId === petitionId ? found : null
  const fromLink =
    share && (share.kind === 'partner' ? `${PARTNER_PREFIX}${share.code}` : PERSONAL_SOURCE)
  return { ref: share?.code ?? null, source: given.source ?? fromLink }
}
