import type { FastifyInstance } from 'fastify'
import { currentText, hasGuardedFigures } from '../../petition/petition.ts'
import { answers, readToken } from '../../platform/link-token.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { sendPage } from '../../platform/web/send-page.ts'
import { withdrawSignature } from '../../signature/withdraw-signature.ts'
import { findSignature } from '../../signature/withdrawal.queries.ts'
import type { Site } from '../../site.ts'
import { petitionPagePart } from '../petition-page-part.ts'
import type { WithdrawPage } from '../signing/signature.page.ts'

type TokenParams = { Params: { lang: string; token: string } }

/** Behind the link in the mail: what it would do, and doing it. */
export function withdrawalRoutes(app: FastifyInstance, site: Site): void {
  const { db, keyring, petitions } = site

  app.get<TokenParams>('/:lang/withdraw/:token', async (request, reply) => {
    const { lang, token } = request.params
    const { petition, withdrawn } = await find(token)
    const { language } = currentText(petition, lang)
    const path = (other: string) => `/${other}/withdraw/${token}`
    const page: WithdrawPage = {
      ...petitionPagePart(site.makePage, petition, {
        language,
        heading: withdrawn ? 'withdraw.doneHeading' : 'withdraw.heading',
        path,
      }),
      action: path(language),
      withdrawn,
      guarded: hasGuardedFigures(petition),
    }
    return sendPage(reply, 'signature/withdraw.hbs', page)
  })

  app.post<TokenParams>('/:lang/withdraw/:token', async (request, reply) => {
    const { lang, token } = request.params
    const { id, petition } = await find(token)
    await db.transaction().execute((trx) => withdrawSignature(trx, site, petition, id))
    return redirectWithin(reply, `/${lang}/withdraw/${token}`, 303)
  })

  /** @throws HttpError 404 */
  async function find(token: string) {
    const link = readToken(keyring, 'withdraw', token)
    const signature = link && (await findSignature(db, link.id))
    const petition = signature && (await petitions.findById(signature.petition_id))
    if (!signature || !petition || !answers(signature, link)) {
      throw new HttpError(404, 'this link is of no use (any more)')
    }
    return { id: signature.id, withdrawn: signature.withdrawn_at !== null, petition }
  }
}
