/**
 * How well-known providers map what people type to one mailbox. Data, so that a rule is added by a
 * line. Sources: the providers' own help pages on aliases and sub-addressing.
 *
 * - `same`: another domain of the same mailboxes
 * - `ignored`: characters the provider drops from the local part
 * - `plus: false`: the provider takes "+" literally
 */
export interface ProviderRule {
  same?: string
  ignored?: RegExp
  plus?: false
}

export const providers: Readonly<Record<string, ProviderRule>> = {
  'gmail.com': { ignored: /\./g },
  'googlemail.com': { same: 'gmail.com' },
  'proton.me': { ignored: /[._-]/g },
  'protonmail.com': { same: 'proton.me' },
  'protonmail.ch': { same: 'proton.me' },
  'pm.me': { same: 'proton.me' },
  'me.com': { same: 'icloud.com' },
  'mac.com': { same: 'icloud.com' },
  'yandex.ru': { ignored: /[.-]/g },
  'ya.ru': { same: 'yandex.ru' },
  'yandex.com': { same: 'yandex.ru' },
  'yandex.by': { same: 'yandex.ru' },
  'yandex.kz': { same: 'yandex.ru' },
  'yandex.az': { same: 'yandex.ru' },
  'yandex.ua': { same: 'yandex.ru' },
  'narod.ru': { same: 'yandex.ru' },
}
