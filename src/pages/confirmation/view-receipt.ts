import type { Config } from '../../config.ts'
import type { Counts } from '../../count/counts.ts'
import type { Receipt } from '../../log/public-log.ts'
import { petitionPath } from '../../petition/paths.ts'
import { currentText, type Petition } from '../../petition/petition.ts'
import { formatDate, formatNumber } from '../../platform/i18n/format.ts'
import { VERIFIER } from '../../platform/web/assets.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import type { Sharing } from '../../sharing/sharing.ts'
import { petitionPagePart } from '../petition-page-part.ts'
import { thankedAt } from '../thanks.routes.ts'
import { type LogWait, logWaitOf } from '../view-count.ts'

/** GET /:lang/signature/:token : the state of one signature; for its signer alone. */
interface SignaturePage extends Page, LogWait {
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

export interface ViewReceiptNeeds {
  config: Pick<Config, 'logInterval' | 'logMinBatch'>
  counts: Counts
  makePage: MakePage
  sharing: Sharing
}

export const signaturePath = (language: string, token: string) => `/${language}/signature/${token}`

/** With the ending that c2sp.org/tlog-proof gives such files. */
export const receiptFile = (slug: string, index: number) => `receipt-${slug}-${index}.tlog-proof`

/** @param asked the language of the address */
export async function viewReceipt(
  needs: ViewReceiptNeeds,
  petition: Petition,
  { signature, receipt }: { signature: { id: string; state: string }; receipt: Receipt | null },
  { asked, token }: { asked: string; token: string },
): Promise<SignaturePage> {
  const language = currentText(petition, asked).language
  const path = petitionPath(petition.slug)(language)
  const { id, state } = signature
  return {
    ...petitionPagePart(needs.makePage, petition, {
      language,
      heading: 'receipt.heading',
      path: (other) => signaturePath(other, token),
    }),
    state: {
      waiting: state === 'confirmed' && !receipt,
      inLog: state === 'confirmed' && receipt !== null,
      voided: state === 'voided',
      withdrawn: state === 'withdrawn',
    },
    ...logWaitOf(petition, needs.config),
    entry: receipt && {
      number: formatNumber(receipt.index, language),
      size: formatNumber(receipt.log.size, language),
      published: formatDate(receipt.log.publishedAt, language),
    },
    receiptHref: receipt && `${signaturePath(language, token)}/receipt`,
    verifyHref: `${path}/verify`,
    command: `node ${VERIFIER} --receipt ${receiptFile(petition.slug, receipt?.index ?? 0)}`,
    // Only a signer who is counted is thanked.
    shareHref:
      state === 'confirmed'
        ? await thankedAt(needs, petition, language, { id, isInLog: !!receipt })
        : `${path}/thanks`,
    withdrawHref: `${path}/withdraw`,
  }
}
