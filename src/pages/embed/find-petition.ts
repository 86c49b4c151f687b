import type { Petition } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import { languages, negotiate } from '../../platform/i18n/translate.ts'
import { parseQuery } from '../../platform/web/read-query.ts'
import { type Attribution, readAttributionQuery, withoutTail } from '../../sharing/attribution.ts'
import { CODE_PATTERN } from '../../sharing/share-code.ts'
import type { Sharing } from '../../sharing/sharing.ts'

/** `/p/<slug>` and `/<language>/p/<slug>`, as they stand in an address bar, and `/s/<code>`, as it is handed on. */
const PAGE = /^(?:\/([a-z]{2,3}))?\/(?:p\/([a-z0-9-]{1,60})|s\/([^/]{1,100}))\/?$/

interface Addressed {
  petition: Petition
  language: string
  attribution: Attribution
}

export interface FindAddressedNeeds {
  petitions: Pick<Petitions, 'find' | 'findById'>
  sharing: Pick<Sharing, 'resolveCode'>
}

/**
 * The petition that an absolute address leads to.
 *
 * @param origins the site's own
 * @returns `malformed` when it is no web address; null when it leads to no petition that is shown
 */
export async function findAddressed(
  { petitions, sharing }: FindAddressedNeeds,
  address: string,
  origins: string[],
  acceptLanguage: string | undefined,
): Promise<Addressed | 'malformed' | null> {
  const url = URL.canParse(address) ? new URL(address) : null
  if (!url || !/^https?:$/.test(url.protocol)) return 'malformed'
  const found = origins.includes(url.origin) ? PAGE.exec(url.pathname) : null
  if (!found) return null
  const [, language, slug = ''] = found
  const code = withoutTail(found[3])
  const share = CODE_PATTERN.test(code) ? await sharing.resolveCode(code) : null
  const petition = share ? await petitions.findById(share.petitionId) : await petitions.find(slug)
  if (!petition?.publishedAt || petition.hiddenAt) return null
  if (language && !languages.includes(language)) return null
  const { languages: offered } = petition.settings
  const attribution = readAttributionQuery(parseQuery(url.search.slice(1)))
  return {
    petition,
    language: offered.find((each) => each === language) ?? negotiate(acceptLanguage, offered),
    attribution: share ? { ...attribution, ref: share.code } : attribution,
  }
}
