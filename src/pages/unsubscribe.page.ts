import type { Page } from '../platform/web/page.ts'

/** GET /:lang/unsubscribe/:token : one button; changes nothing by itself. */
export interface UnsubscribePage extends Page {
  /** Null once the address is erased: nothing is left that tells of which petition it was. */
  petition: { title: string; slogan: string; href: string } | null
  action: string
}
