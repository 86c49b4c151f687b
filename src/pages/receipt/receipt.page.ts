import type { Page } from '../../platform/web/page.ts'
import type { LogWait } from '../view-count.ts'

/** GET /:lang/signature/:token : what became of one signature; for its signer alone. */
export interface SignaturePage extends Page, LogWait {
  petition: { title: string; slogan: string; href: string }
  privacyHref: string
  state: { waiting: boolean; inLog: boolean; voided: boolean; withdrawn: boolean }
  /** Set once the entry is in the published log. */
  entry: { number: string; size: string; published: string } | null
  receiptHref: string | null
  verifyHref: string
  command: string
  shareHref: string
  withdrawHref: string
}

/** The answer to a confirmation that asked for the private part of the receipt. */
export interface OpeningPage extends Page {
  petition: { title: string; slogan: string; href: string }
  privacyHref: string
  /** The file's content; null when it can't be had any more. */
  opening: string | null
  download: string | null
  signatureHref: string
  thanksHref: string
}
