import { byDomain, type Providers, sameAs, tagged } from './email-providers.ts'

/** A former table of providers, by which signatures were made; see docs/decisions/0028-former-rules.md. */
export interface FormerRules {
  providers: Providers
  /** "+" began a tag at every provider. */
  plusEverywhere?: true
  /** Full-width letters were taken for normal ones. */
  foldsWidth?: true
  /** Signatures of that time keep the keyed hash of their address beside their tag. */
  keptAddresses: boolean
}

const YANDEX = ['ya.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'yandex.az', 'yandex.ua', 'narod.ru'] // biome-ignore format: one line

/** Oldest first. Never edited: tags in the database were made by them. */
export const formerRules: FormerRules[] = [
  {
    // Until migration 0006.
    plusEverywhere: true,
    foldsWidth: true,
    keptAddresses: false,
    providers: byDomain([
      ['gmail.com', { ignored: /\./g }],
      ['googlemail.com', { same: 'gmail.com' }],
      ['proton.me', { ignored: /[._-]/g }],
      ...['protonmail.com', 'protonmail.ch', 'pm.me'].map(sameAs('proton.me')),
      ...['me.com', 'mac.com'].map(sameAs('icloud.com')),
      ['yandex.ru', { ignored: /[.-]/g }],
      ...YANDEX.map(sameAs('yandex.ru')),
    ]),
  },
  {
    // Until "+" became a part of the name at Apple, Posteo and Zoho, and Posteo's domains became one.
    keptAddresses: true,
    providers: byDomain([
      ['gmail.com', { ignored: /\./g, plus: true }],
      ['googlemail.com', { same: 'gmail.com' }],
      ['proton.me', { ignored: /[._-]/g, plus: true }],
      ...['protonmail.com', 'protonmail.ch', 'pm.me'].map(sameAs('proton.me')),
      ['icloud.com', { plus: true }],
      ...['me.com', 'mac.com'].map(sameAs('icloud.com')),
      ['yandex.ru', { alike: '-.', plus: true }],
      ...YANDEX.map(sameAs('yandex.ru')),
      ...tagged('fastmail.com', 'fastmail.fm', 'outlook.com', 'hotmail.com', 'live.com', 'msn.com'),
      ...tagged('zoho.com', 'mailbox.org', 'posteo.de'),
    ]),
  },
]
