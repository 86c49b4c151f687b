/**
 * How providers map what people type to one mailbox, as their own help pages say. Data, so that a rule is
 * added by a line. A rule stands here only if it can never join two people: where a provider is silent, two
 * spellings are two mailboxes.
 *
 * - `same`: another domain of the same mailboxes
 * - `ignored`: characters the provider drops from the local part
 * - `alike`: characters that the provider takes for one another; the first stands for all
 * - `plus`: what follows "+" is a tag of the signer's own (RFC 5233)
 * - `subdomains`: `anything@ann.fastmail.com` is `ann@fastmail.com`; only caps on mails go by it
 */
export interface ProviderRule {
  same?: string
  ignored?: RegExp
  alike?: string
  plus?: true
  subdomains?: true
}

const YANDEX = [
  'ya.ru',
  'yandex.com',
  'yandex.by',
  'yandex.kz',
  'yandex.az',
  'yandex.ua',
  'narod.ru',
]
const WITH_TAGS = [
  'outlook.com',
  'hotmail.com',
  'live.com',
  'msn.com',
  'zoho.com',
  'mailbox.org',
  'posteo.de',
]

const rules: [string, ProviderRule][] = [
  ['gmail.com', { ignored: /\./g, plus: true }],
  ['googlemail.com', { same: 'gmail.com' }],
  ['proton.me', { ignored: /[._-]/g, plus: true }],
  ...['protonmail.com', 'protonmail.ch', 'pm.me'].map(sameAs('proton.me')),
  ['icloud.com', { plus: true }],
  ...['me.com', 'mac.com'].map(sameAs('icloud.com')),
  ['yandex.ru', { alike: '-.', plus: true }],
  ...YANDEX.map(sameAs('yandex.ru')),
  ['fastmail.com', { plus: true, subdomains: true }],
  ['fastmail.fm', { plus: true, subdomains: true }],
  ...WITH_TAGS.map((domain): [string, ProviderRule] => [domain, { plus: true }]),
]

/** By domain. Without a prototype: a domain is typed by strangers. */
export const providers: Readonly<Record<string, ProviderRule>> = Object.assign(
  Object.create(null),
  Object.fromEntries(rules),
)

function sameAs(same: string) {
  return (domain: string): [string, ProviderRule] => [domain, { same }]
}
