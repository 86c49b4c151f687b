import type { FastifyInstance, FastifyReply } from 'fastify'
import type { FormTrap } from '../../defence/form-trap.ts'
import type { IntakeGuard } from '../../defence/intake.ts'
import type { Petition } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { ClientAddress } from '../../platform/web/client-address.ts'
import { formText } from '../../platform/web/form-text.ts'
import { HttpError, plainMessages } from '../../platform/web/http-error.ts'
import type { MakePage } from '../../platform/web/page.ts'
import { sendPage } from '../../platform/web/send-page.ts'
import { isReason } from '../../signature/moderation/why.ts'
import type { Signatures } from '../../signature/signatures.ts'
import { getPetition } from '../get-petition.ts'
import { viewReport } from './view-report.ts'

const TEMPLATE = 'report/report.hbs'
const KINDS = { name: 'public_name', comment: 'comment' } as const

interface ReportRequest {
  Params: { lang: string; slug: string; kind: string; mark: string }
}

interface Needs {
  clientAddress: ClientAddress
  formTrap: FormTrap
  intakeGuard: Pick<IntakeGuard, 'weighReport'>
  makePage: MakePage
  petitions: Petitions
  signatures: Pick<Signatures, 'moderation'>
}

/** The form to report a public name or comment. The answer is the same for everyone, whatever comes of it. */
export function reportRoutes(app: FastifyInstance, needs: Needs): void {
  const { petitions, signatures, formTrap, intakeGuard } = needs
  const path = '/:lang/p/:slug/report/:kind/:mark'

  app.get<ReportRequest>(path, async (request, reply) => {
    const { petition, kind } = await find(request.params)
    return sendForm(reply, petition, request.params, kind)
  })

  app.post<ReportRequest>(path, async (request, reply) => {
    const { petition, kind } = await find(request.params)
    const { lang: language, mark } = request.params
    const reason = formText(request.body)('reason')
    if (!isReason(reason)) {
      return sendForm(reply, petition, request.params, kind, { isMissing: true })
    }
    if (!formTrap.caught(request.body)) {
      const mayHide = intakeGuard.weighReport(needs.clientAddress(request))
      const report = { moderated: KINDS[kind], mark, reason, mayHide }
      await signatures.moderation.report(petition, report)
    }
    return sendPage(
      reply,
      TEMPLATE,
      viewReport(needs.makePage, petition, { language, kind, mark, sent: true }),
    )
  })

  async function sendForm(
    reply: FastifyReply,
    petition: Petition,
    { lang: language, mark }: ReportRequest['Params'],
    kind: keyof typeof KINDS,
    { isMissing = false } = {},
  ) {
    const found = await signatures.moderation.findReported(petition, {
      moderated: KINDS[kind],
      mark,
    })
    const text = found?.text ?? null
    const page = viewReport(needs.makePage, petition, { language, kind, mark, text, isMissing })
    return sendPage(reply, TEMPLATE, page, { status: found ? (isMissing ? 422 : 200) : 410 })
  }

  /** @throws HttpError 404 */
  async function find({ lang, slug, kind }: ReportRequest['Params']) {
    const petition = await getPetition(petitions, slug, lang)
    if (kind !== 'name' && kind !== 'comment') throw new HttpError(404, plainMessages[404]!)
    return { petition, kind } as const
  }
}
