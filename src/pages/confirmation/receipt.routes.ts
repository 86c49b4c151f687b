import type { FastifyInstance } from 'fastify'
import type { PublicLog } from '../../log/public-log.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { answers, readToken } from '../../platform/link-token.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { PRIVATE_CACHE, sendPage } from '../../platform/web/send-page.ts'
import type { Signatures } from '../../signature/signatures.ts'
import { receiptFile, signaturePath, type ViewReceiptNeeds, viewReceipt } from './view-receipt.ts'

interface Needs extends ViewReceiptNeeds {
  keyring: Keyring
  petitions: Petitions
  publicLog: PublicLog
  signatures: Signatures
}

type TokenParams = { Params: { lang: string; token: string } }

/** "Your signature", behind the link in the mail once it is confirmed, with the receipt. */
export function receiptRoutes(app: FastifyInstance, needs: Needs): void {
  const { keyring, petitions, publicLog, signatures } = needs

  app.get<TokenParams>('/:lang/signature/:token', async (request, reply) => {
    const { lang: asked, token } = request.params
    const { signature, petition } = await find(token)
    const receipt = await publicLog.makeReceipt(signature.id)
    const page = await viewReceipt(needs, petition, { signature, receipt }, { asked, token })
    return sendPage(reply, 'receipt/signature.hbs', page)
  })

  app.get<TokenParams>('/:lang/signature/:token/receipt', async (request, reply) => {
    const { lang, token } = request.params
    const { signature, petition } = await find(token)
    const receipt = await publicLog.makeReceipt(signature.id)
    // The page says that it takes a while.
    if (!receipt) return redirectWithin(reply, signaturePath(lang, token), 302)
    const name = receiptFile(petition.slug, receipt.index)
    return reply
      .type('text/plain; charset=utf-8')
      .header('cache-control', PRIVATE_CACHE)
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(Buffer.from(receipt.bytes))
  })

  /** @throws HttpError 404 */
  async function find(token: string) {
    const link = readToken(keyring, 'receipt', token)
    const signature = link && (await signatures.find(link.id))
    const petition = signature && (await petitions.findById(signature.petition_id))
    if (!signature || !petition || !answers(signature, link)) {
      throw new HttpError(404, 'this link is of no use (any more)')
    }
    return { signature, petition }
  }
}
