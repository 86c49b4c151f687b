import { CHANNELS, type Channel } from '../petition/files/share-fields.ts'
import { currentText, type Petition } from '../petition/petition.ts'
import { translator } from '../platform/i18n/translate.ts'
import { type ShareLink, shareLinks } from './share-links.ts'

/** To everybody who follows somebody, rather than to a person: there a request would be odd. */
const POSTS: readonly Channel[] = [
  'x',
  'facebook',
  'bluesky',
  'mastodon',
  'threads',
  'linkedin',
  'reddit',
]

/** What a reader passes on in a channel: the organisers' words for it, theirs for all, or the site's. */
export function shareWords(petition: Petition, language: string, channel: Channel): string {
  const { title } = currentText(petition, language).content
  const share = new Map(Object.entries(petition.settings.share ?? {}))
  const own = share.get(language)
  const usual = () =>
    translator(language)(POSTS.includes(channel) ? 'share.post' : 'share.message', { title })
  return own?.[channel] ?? own?.message ?? usual()
}

/** @param url absolute, without a query */
export function petitionShareLinks(
  petition: Petition,
  language: string,
  url: string,
  channels: readonly Channel[] = CHANNELS,
): ShareLink[] {
  const words = {
    title: currentText(petition, language).content.title,
    email: translator(language)('share.email'),
    say: (channel: Channel) => shareWords(petition, language, channel),
  }
  return shareLinks(url, words, channels)
}
