/**
 * Which spellings of an address are one mailbox, by provider, each rule with the page on which the provider says so.
 * A rule is here only if it can never join two people: where a provider is silent, two spellings are two mailboxes.
 * So "+" is a part of the name at Apple, Posteo and Zoho, none of which has a page on tags.
 *
 * When you change a rule, put the former one into former-providers.ts: signatures are still found by it.
 *
 * - `same`: another domain of the same mailboxes
 * - `ignored`: characters the provider drops from the local part
 * - `alike`: characters that the provider takes for one another; the first stands for all
 * - `plus`: the text behind "+" is a tag of the user's own (RFC 5233)
 * - `subdomains`: `anything@ann.fastmail.com` is `ann@fastmail.com`; only caps on mails use it
 * - `dots`: has addresses with dots in a row or before the "@", which RFC 5321 doesn't allow
 * - `apart`: a former rule joined spellings that this one doesn't; its tags must not equal today's
 */
interface ProviderRule {
  same?: string
  ignored?: RegExp
  alike?: string
  plus?: true
  subdomains?: true
  dots?: true
  apart?: true
}

const rules: [string, ProviderRule][] = [
  // Dots: https://support.google.com/mail/answer/7436150. No name has a "+", a hyphen or an underscore:
  // https://support.google.com/mail/answer/9211434. Tags, and the second domain:
  // https://gmail.googleblog.com/2008/03/2-hidden-ways-to-get-more-from-your.html
  ['gmail.com', { ignored: /\./g, plus: true }],
  ['googlemail.com', { same: 'gmail.com' }],
  // Dots, hyphens, underscores: https://proton.me/support/change-username. Tags:
  // https://proton.me/support/creating-aliases. Domains: https://proton.me/support/addresses-and-aliases
  ['proton.me', { ignored: /[._-]/g, plus: true }],
  ...['protonmail.com', 'protonmail.ch', 'pm.me'].map(sameAs('proton.me')),
  // https://support.apple.com/118230
  ...['me.com', 'mac.com'].map(sameAs('icloud.com')),
  ['icloud.com', { apart: true }],
  // A dot is a hyphen: https://yandex.ru/dev/direct/doc/dg-v4/concepts/finance-token.html. No name has a "+":
  // https://yandex.com/support/domain/domain/mail.html. One name has all domains:
  // https://yandex.com/support/id/authorization/email.html
  ['yandex.ru', { alike: '-.', plus: true }],
  ...['ya.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'yandex.az', 'yandex.ua', 'narod.ru'].map(
    sameAs('yandex.ru'),
  ),
  // https://www.fastmail.help/hc/en-us/articles/360060591053
  ['fastmail.com', { plus: true, subdomains: true }],
  ['fastmail.fm', { plus: true, subdomains: true }],
  // https://learn.microsoft.com/exchange/recipients-in-exchange-online/plus-addressing-in-exchange-online, on which
  // Outlook.com runs; the form that makes a name there takes no "+".
  ...tagged('outlook.com', 'hotmail.com', 'live.com', 'msn.com'),
  // https://kb.mailbox.org/en/private/account-article/what-is-an-alias-and-how-do-i-use-it
  ...tagged('mailbox.org'),
  ['zoho.com', { apart: true }],
  // A name belongs to one person under all of these: https://posteo.de/blog/2 (14 December 2023)
  ...'net com us ca uk ie es at ch nl be lu'
    .split(' ')
    .map((end): [string, ProviderRule] => [`posteo.${end}`, { same: 'posteo.de' }]),
  ['posteo.de', { apart: true }],
  // Until 2009: https://www.docomo.ne.jp/service/docomo_mail/rfc_add/. Of KDDI (ezweb.ne.jp, whose names moved to
  // au.com) and of SoftBank only others have a page: https://pcclick.seesaa.net/article/269382560.html,
  // https://comipo.zendesk.com/hc/ja/articles/4409766544281
  ...'docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp'
    .split(' ')
    .map((domain): [string, ProviderRule] => [domain, { dots: true }]),
]

/** By domain. Without a prototype: a domain is typed by strangers. */
export type Providers = Readonly<Record<string, ProviderRule>>

export const providers: Providers = byDomain(rules)

export function byDomain(entries: [string, ProviderRule][]): Providers {
  return Object.assign(Object.create(null), Object.fromEntries(entries))
}

export function sameAs(same: string) {
  return (domain: string): [string, ProviderRule] => [domain, { same }]
}

export function tagged(...domains: string[]): [string, ProviderRule][] {
  return domains.map((domain) => [domain, { plus: true }])
}
