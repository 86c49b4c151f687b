import type { FastifyInstance } from 'fastify'
import { makeReceipt } from '../../log/make-receipt.ts'
import { currentText } from '../../petition/petition.ts'
import { formatDate, formatNumber } from '../../platform/i18n/format.ts'
import { answers, readToken } from '../../platform/link-token.ts'
import { VERIFIER } from '../../platform/web/assets.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { PRIVATE_CACHE, sendPage } from '../../platform/web/send-page.ts'
import type { Site } from '../../site.ts'
import { logWaitOf } from '../log-wait.ts'
import { petitionPath } from '../petition/view-petition.ts'
import { petitionPagePart } from '../petition-page-part.ts'
import { thanksPath } from '../thanks/include-own.ts'
import type { SignaturePage } from './receipt.page.ts'

type TokenParams = { Params: { lang: string; token: string } }

export const signaturePath = (language: string, token: string) => `/${language}/signature/${token}`

/** "Your signature", behind the link in the mail once it is confirmed, with the receipt. */
export function receiptRoutes(app: FastifyInstance, site: Site): void {
  const { config, db, keyring, petitions, publicLog } = site

  app.get<TokenParams>('/:lang/signature/:token', async (request, reply) => {
    const { lang, token } = request.params
    const { signature, petition } = await find(token)
    const language = currentText(petition, lang).language
    const log = await publicLog()
    const receipt = log && (await makeReceipt(db, log, signature.id))
    const path = petitionPath(petition.slug)(language)
    const { state } = signature
    const page: SignaturePage = {
      ...petitionPagePart(site.makePage, petition, {
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
      ...logWaitOf(petition, config),
      entry: receipt && {
        number: formatNumber(receipt.index, language),
        size: formatNumber(log!.size, language),
        published: formatDate(log!.publishedAt, language),
      },
      receiptHref: receipt && `${signaturePath(language, token)}/receipt`,
      verifyHref: `${path}/verify`,
      command: `node ${VERIFIER} --receipt ${fileName(petition.slug, receipt?.index ?? 0)}`,
      // Only who is counted is thanked for it.
      shareHref:
        state === 'confirmed'
          ? await thanksPath(site, petition, language, { id: signature.id, isInLog: !!receipt })
          : `${path}/thanks`,
      withdrawHref: `${path}/withdraw`,
    }
    return sendPage(reply, 'log/signature.hbs', page)
  })

  app.get<TokenParams>('/:lang/signature/:token/receipt', async (request, reply) => {
    const { lang, token } = request.params
    const { signature, petition } = await find(token)
    const log = await publicLog()
    const receipt = log && (await makeReceipt(db, log, signature.id))
    // The page says in words that it takes a while.
    if (!receipt) return redirectWithin(reply, signaturePath(lang, token), 302)
    return reply
      .type('text/plain; charset=utf-8')
      .header('cache-control', PRIVATE_CACHE)
      .header(
        'content-disposition',
        `attachment; filename="${fileName(petition.slug, receipt.index)}"`,
      )
      .send(Buffer.from(receipt.bytes))
  })

  /** @throws HttpError 404 */
  async function find(token: string) {
    const link = readToken(keyring, 'receipt', token)
    const signature = link && (await site.signatures.find(link.id))
    const petition = signature && (await petitions.findById(signature.petition_id))
    if (!signature || !petition || !answers(signature, link)) {
      throw new HttpError(404, 'this link is of no use (any more)')
    }
    return { signature, petition }
  }
}

/** The ending that c2sp.org/tlog-proof gives such files. */
const fileName = (slug: string, index: number) => `receipt-${slug}-${index}.tlog-proof`
