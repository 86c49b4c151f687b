import type { Channel } from '../petition/files/share-fields.ts'
import { mailLink } from '../platform/mail-link.ts'

/** What a channel's link is made of. */
interface Passed {
  /** With the channel as its source. */
  url: string
  text: string
  title: string
}

/**
 * Where a channel's link leads. Signal has none: there the words are copied. Facebook and LinkedIn take the address
 * alone, and show the page's own card.
 */
const networks: ReadonlyMap<Channel, (passed: Passed) => string> = new Map([
  ['whatsapp', ({ url, text }: Passed) => `https://wa.me/?${query({ text: `${text} ${url}` })}`],
  ['telegram', ({ url, text }) => `https://t.me/share/url?${query({ url, text })}`],
  ['x', ({ url, text }) => `https://x.com/intent/post?${query({ text, url })}`],
  ['facebook', ({ url }) => `https://www.facebook.com/sharer/sharer.php?${query({ u: url })}`],
  [
    'bluesky',
    ({ url, text }) => `https://bsky.app/intent/compose?${query({ text: `${text} ${url}` })}`,
  ],
  // Mastodon's own page asks which server the reader is at; a script asks in our page.
  [
    'mastodon',
    ({ url, text }) => `https://share.joinmastodon.org/#${query({ text: `${text} ${url}` })}`,
  ],
  ['threads', ({ url, text }) => `https://www.threads.com/intent/post?${query({ text, url })}`],
  ['linkedin', ({ url }) => `https://www.linkedin.com/sharing/share-offsite/?${query({ url })}`],
  ['reddit', ({ url, text }) => `https://www.reddit.com/submit?${query({ url, title: text })}`],
  ['vk', ({ url, text }) => `https://vk.com/share.php?${query({ url, title: text })}`],
  ['viber', ({ url, text }) => `viber://forward?${query({ text: `${text} ${url}` })}`],
  [
    'email',
    ({ url, text, title }) => {
      const whole = mailLink('', title, `${text}\n\n${url}`)
      return (whole.isWhole ? whole : mailLink('', title, url)).href
    },
  ],
])

/** The same in every language; e-mail's label is translated. */
const names: ReadonlyMap<Channel, string> = new Map([
  ['whatsapp', 'WhatsApp'],
  ['telegram', 'Telegram'],
  ['signal', 'Signal'],
  ['x', 'X'],
  ['facebook', 'Facebook'],
  ['bluesky', 'Bluesky'],
  ['mastodon', 'Mastodon'],
  ['threads', 'Threads'],
  ['linkedin', 'LinkedIn'],
  ['reddit', 'Reddit'],
  ['vk', 'VK'],
  ['viber', 'Viber'],
])

/** One row's width on a phone: the petition's own page has these, and a link to all. */
export const FIRST_CHANNELS: readonly Channel[] = [
  'whatsapp',
  'telegram',
  'x',
  'facebook',
  'bluesky',
  'mastodon',
  'email',
]

export interface ShareLink {
  /** An icon's key. */
  network: Channel
  label: string
  /** Null where the words can only be copied. */
  href: string | null
  /** Words and address, to be copied. */
  copy: string
}

/**
 * Plain links, so that no network learns of a reader before a click. Each carries its channel as `source`,
 * so that organisers see which one brings signatures.
 *
 * @param url absolute, without a query
 * @param words the petition's title, and what is said in a channel
 */
export function shareLinks(
  url: string,
  words: { title: string; email: string; say: (channel: Channel) => string },
  channels: readonly Channel[],
): ShareLink[] {
  return channels.map((network) => {
    const text = words.say(network)
    const passed = { url: `${url}?source=${network}`, text, title: words.title }
    return {
      network,
      label: names.get(network) ?? words.email,
      href: networks.get(network)?.(passed) ?? null,
      copy: `${text} ${passed.url}`,
    }
  })
}

/** Percent-encoded throughout: mail programs and the networks' apps take "+" literally. */
function query(parameters: Record<string, string>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}
