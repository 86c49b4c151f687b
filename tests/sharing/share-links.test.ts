import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { CHANNELS } from '../../src/petition/files/share-fields.ts'
import { shareLinks } from '../../src/sharing/share-links.ts'

const URL_SHARED = 'https://petitions.example/s/AbC-123_x'
const TITLE = 'Free them & others'
const all = (text: string, email = 'E-mail') =>
  shareLinks(URL_SHARED, { title: TITLE, email, say: () => text }, CHANNELS)
const hrefOf = (network: string, text: string) =>
  all(text).find((one) => one.network === network)!.href!
const link = (network: string, text: string) => new URL(hrefOf(network, text))

/** What the network's page will show in its text field. */
function decode(network: string, text: string): { text: string | null; url: string | null } {
  const { searchParams: query, hash } = link(network, text)
  const shared = `${URL_SHARED}?source=${network}`
  const both = (whole: string | null) =>
    whole?.endsWith(` ${shared}`)
      ? { text: whole.slice(0, -shared.length - 1), url: shared }
      : { text: whole, url: null }
  switch (network) {
    case 'mastodon':
      return both(new URLSearchParams(hash.slice(1)).get('text'))
    case 'facebook':
      return { text: null, url: query.get('u') }
    case 'linkedin':
      return { text: null, url: query.get('url') }
    case 'reddit':
    case 'vk':
      return { text: query.get('title'), url: query.get('url') }
    case 'email': {
      assert.equal(query.get('subject'), TITLE)
      const body = query.get('body')!
      // A mail's lines end so (RFC 6068, section 5).
      const [text, url] = body.split(/\r\n\r\n(?=[^\n]*$)/)
      return { text: text!.replaceAll('\r\n', '\n'), url: url! }
    }
    case 'whatsapp':
    case 'viber':
    case 'bluesky':
      return both(query.get('text'))
    default:
      return { text: query.get('text'), url: query.get('url') }
  }
}

const NETWORKS = CHANNELS.filter((channel) => channel !== 'signal')
const WORDLESS = ['facebook', 'linkedin']
const texts = [
  'No to COP-29! Azerbaijan without political prisoners!',
  'R&D = 100 % #cop29 + more?',
  'Two\nlines\r\nand a tab\t',
  'Азербайджан без политзаключённых — да',
  '👩‍👩‍👧 ❤️ 🇦🇿',
  '"quotes" & <b>tags</b>',
  'text=1&url=https://evil.example',
]

describe('the links that pass a petition on', () => {
  it('are one a network, in the order in which campaigns spread, with its name', () => {
    const links = all('x', 'Электронная почта')
    assert.deepEqual(
      links.map(({ network }) => network),
      CHANNELS,
    )
    assert.deepEqual(
      links.map(({ label }) => label),
      [
        ...['WhatsApp', 'Telegram', 'Signal', 'X', 'Facebook', 'Bluesky', 'Mastodon', 'Threads'],
        ...['LinkedIn', 'Reddit', 'VK', 'Viber', 'Электронная почта'],
      ],
    )
  })

  it('lead to the network itself over HTTPS, or to the mail program', () => {
    assert.deepEqual(
      NETWORKS.map((network) => link(network, 'x').protocol + link(network, 'x').host),
      [
        'https:wa.me',
        'https:t.me',
        'https:x.com',
        'https:www.facebook.com',
        'https:bsky.app',
        'https:share.joinmastodon.org',
        'https:www.threads.com',
        'https:www.linkedin.com',
        'https:www.reddit.com',
        'https:vk.com',
        'viber:forward',
        'mailto:',
      ],
    )
  })

  for (const network of NETWORKS) {
    it(`give ${network} the text as it is, and the address with its source`, () => {
      for (const text of texts) {
        const shown = decode(network, text)
        assert.equal(shown.url, `${URL_SHARED}?source=${network}`)
        if (!WORDLESS.includes(network)) assert.equal(shown.text, text)
      }
    })

    it(`give ${network} any text at all`, () => {
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme' }), (text) => {
          const href = hrefOf(network, text)
          assert.match(
            href,
            /^[\w.:/?#=&%!'()*~-]+$/,
            'no plus sign, no quote that ends an attribute',
          )
          if (!WORDLESS.includes(network)) assert.equal(decode(network, text).text, text)
        }),
      )
    })
  }

  it('give Signal, which has none, the words and the address to copy', () => {
    const signal = all('Read this').find(({ network }) => network === 'signal')!
    assert.equal(signal.href, null)
    assert.equal(signal.copy, `Read this ${URL_SHARED}?source=signal`)
  })

  it('give a mail program no more than it takes: where the words are too many, the address alone', () => {
    const { href, searchParams } = link('email', 'გ'.repeat(300))
    assert.ok(href.length < 2_000, `${href.length}`)
    assert.equal(searchParams.get('subject'), TITLE)
    assert.equal(searchParams.get('body'), `${URL_SHARED}?source=email`)
  })

  it('add no recipient and no header to the mail', () => {
    const { pathname, searchParams } = link('email', 'x&to=everyone@example.org&bcc=a@example.org')
    assert.equal(pathname, '')
    assert.deepEqual([...searchParams.keys()], ['subject', 'body'])
  })
})
