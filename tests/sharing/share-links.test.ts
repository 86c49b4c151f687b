import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { shareLinks } from '../../src/sharing/share-links.ts'

const URL_SHARED = 'https://petitions.example/s/AbC-123_x'
const link = (network: string, text: string) =>
  new URL(shareLinks(URL_SHARED, text, 'E-mail').find((one) => one.network === network)!.href)

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
    case 'email':
      return { text: query.get('subject'), url: query.get('body') }
    case 'whatsapp':
    case 'bluesky':
      return both(query.get('text'))
    default:
      return { text: query.get('text'), url: query.get('url') }
  }
}

const NETWORKS = ['whatsapp', 'telegram', 'x', 'facebook', 'bluesky', 'mastodon', 'email']
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
    const links = shareLinks(URL_SHARED, 'x', 'Электронная почта')
    assert.deepEqual(
      links.map(({ network }) => network),
      NETWORKS,
    )
    assert.deepEqual(
      links.map(({ label }) => label),
      ['WhatsApp', 'Telegram', 'X', 'Facebook', 'Bluesky', 'Mastodon', 'Электронная почта'],
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
        'mailto:',
      ],
    )
  })

  for (const network of NETWORKS) {
    it(`give ${network} the text as it is, and the address with its source`, () => {
      for (const text of texts) {
        const shown = decode(network, text)
        assert.equal(shown.url, `${URL_SHARED}?source=${network}`)
        if (network !== 'facebook') assert.equal(shown.text, text)
      }
    })

    it(`give ${network} any text at all`, () => {
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme' }), (text) => {
          const { href } = shareLinks(URL_SHARED, text, 'E-mail').find(
            (one) => one.network === network,
          )!
          assert.match(
            href,
            /^[\w.:/?#=&%!'()*~-]+$/,
            'no plus sign, no quote that ends an attribute',
          )
          if (network !== 'facebook') assert.equal(decode(network, text).text, text)
        }),
      )
    })
  }

  it('add no recipient and no header to the mail', () => {
    const { pathname, searchParams } = link('email', 'x&to=everyone@example.org&bcc=a@example.org')
    assert.equal(pathname, '')
    assert.deepEqual([...searchParams.keys()], ['subject', 'body'])
  })
})
