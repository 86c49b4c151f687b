import type { Config } from '../config.ts'
import { contactHref } from '../platform/parse-setting.ts'
import type { Page } from '../platform/web/page.ts'

/** Whether the settings name anybody who runs the site. */
export const hasImprint = ({ operator, contact }: Pick<Config, 'operator' | 'contact'>) =>
  Boolean(operator || contact)

export interface ContactView {
  text: string
  href: string
}

/** GET /:lang/imprint : who runs the site. */
export interface ImprintPage extends Page {
  operator: string | null
  contact: ContactView | null
}

export const viewContact = (contact: string | null | undefined): ContactView | null =>
  contact ? { text: contact, href: contactHref(contact) } : null
