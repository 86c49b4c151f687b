/** Networks in the order in which this kind of campaign spreads. */
const networks: Record<string, (url: string, text: string) => string> = {
  whatsapp: (url, text) => `https://wa.me/?${query({ text: `${text} ${url}` })}`,
  telegram: (url, text) => `https://t.me/share/url?${query({ url, text })}`,
  x: (url, text) => `https://x.com/intent/post?${query({ text, url })}`,
  facebook: (url) => `https://www.facebook.com/sharer/sharer.php?${query({ u: url })}`,
  bluesky: (url, text) => `https://bsky.app/intent/compose?${query({ text: `${text} ${url}` })}`,
  // Mastodon's own page asks which server the reader is at.
  mastodon: (url, text) => `https://share.joinmastodon.org/#${query({ text: `${text} ${url}` })}`,
  email: (url, text) => `mailto:?${query({ subject: text, body: url })}`,
}

/** The same in every language; e-mail's label is translated. */
const names: Record<string, string> = {
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
  x: 'X',
  facebook: 'Facebook',
  bluesky: 'Bluesky',
  mastodon: 'Mastodon',
}

/**
 * Plain links, so that no network learns of a reader before a click. Each carries its network as `source`,
 * so that organisers see which network brings signatures.
 *
 * @param url absolute, without a query
 */
export function shareLinks(
  url: string,
  text: string,
  emailLabel: string,
): { network: string; label: string; href: string }[] {
  return Object.entries(networks).map(([network, link]) => ({
    network,
    label: names[network] ?? emailLabel,
    href: link(`${url}?source=${network}`, text),
  }))
}

/** Percent-encoded throughout: mail programs and the networks' apps take "+" literally. */
function query(parameters: Record<string, string>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}
