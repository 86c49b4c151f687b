import type { FastifyInstance } from 'fastify'
import { currentText, hasGuardedFigures } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { answers, readToken } from '../../platform/link-token.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { sendPage } from '../../platform/web/send-page.ts'
import type { Signatures } from '../../signature/signatures.ts'
import { petitionPagePart } from '../petition-page-part.ts'

type TokenParams = { Params: { lang: string; token: string } }

/** GET /:lang/withdraw/:token */
interface WithdrawPage extends Page {
  petition: { title: string; href: string }
  action: string
  /** True once withdrawn: nothing is left to do. */
  withdrawn: boolean
  /** The public number waits for others. */
  guarded: boolean
}

interface Needs {
  keyring: Keyring
  makePage: MakePage
  petitions: Petitions
  signatures: Signatures
}

/** Behind the mailed link: a page with one button, and the withdrawal. */
export function withdrawalRoutes(app: FastifyInstance, needs: Needs): void {
  const { keyring, makePage, petitions, signatures } = needs

  app.get<TokenParams>('/:lang/withdraw/:token', async (request, reply) => {
    const { lang, token } = request.params
    const { petition, withdrawn } = await find(token)
    const { language } = currentText(petition, lang)
    const path = (other: string) => `/${other}/withdraw/${token}`
    const page: WithdrawPage = {
      ...petitionPagePart(makePage, petition, {
        language,
        heading: withdrawn ? 'withdraw.doneHeading' : 'withdraw.heading',
        path,
      }),
      action: path(language),
      withdrawn,
      guarded: hasGuardedFigures(petition),
    }
    return sendPage(reply, 'withdrawal/withdraw.hbs', page)
  })

  app.post<TokenParams>('/:lang/withdraw/:token', async (request, reply) => {
    const { lang, token } = request.params
    const { id, petition } = await find(token)
    await signatures.withdraw(petition, id)
    return redirectWithin(reply, `/${lang}/withdraw/${token}`, 303)
  })

  /** @throws HttpError 404 */
  async function find(token: string) {
    const link = readToken(keyring, 'withdraw', token)
    const signature = link && (await signatures.find(link.id))
    const petition = signature && (await petitions.findById(signature.petition_id))
    if (!signature || !petition || !answers(signature, link)) {
      throw new HttpError(404, 'this link is of no use (any more)')
    }
    return { id: signature.id, withdrawn: signature.withdrawn_at !== null, petition }
  }
}
