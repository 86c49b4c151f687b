import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FormTrap } from '../../defence/form-trap.ts'
import type { IntakeGuard } from '../../defence/intake.ts'
import { hasEnded, type Petition, petitionState } from '../../petition/petition.ts'
import type { Clock } from '../../platform/clock.ts'
import { isDatabaseAway, kindOfAway } from '../../platform/database/unavailable.ts'
import type { Mailer } from '../../platform/mail/mail.ts'
import type { Tally } from '../../platform/measure.ts'
import type { ClientAddress } from '../../platform/web/client-address.ts'
import { formText } from '../../platform/web/form-text.ts'
import { sayWhyAway } from '../../platform/web/request-log.ts'
import type { Restoring } from '../../restoring/restoring.ts'
import {
  type FieldProblems,
  type FORM_OUTCOMES,
  type LeftOut,
  parseSignForm,
  type SignFormValues,
} from '../../signature/form/sign-form.ts'
import type { Signatures } from '../../signature/signatures.ts'

/** The name that ALTCHA gives it. */
const PROOF_FIELD = 'altcha'

export interface TakeFormNeeds {
  config: { mirror?: string }
  clock: Clock
  mailer: Pick<Mailer, 'isAsciiOnly'>
  formTrap: FormTrap
  clientAddress: ClientAddress
  intakeGuard: Pick<IntakeGuard, 'weigh'>
  signatures: Signatures
  restoring: Pick<Restoring, 'whyClosed'>
  forms: Tally<(typeof FORM_OUTCOMES)[number]>
  formProblems: Tally<keyof FieldProblems>
}

/** What a form's sender sees of it, on the petition's page or in another site's frame. */
export interface FormAnswers {
  closed(): Promise<FastifyReply>
  paused(values: SignFormValues): Promise<FastifyReply>
  /** Shown again with what was typed. */
  again(
    form: { values: SignFormValues; problems: FieldProblems; trapped: boolean },
    status: number,
  ): Promise<FastifyReply>
  unavailable(values: SignFormValues): Promise<FastifyReply>
  accepted(leftOut: LeftOut[]): FastifyReply
}

/** The rules of signing, wherever the form stands. */
export async function takeForm(
  needs: TakeFormNeeds,
  request: FastifyRequest,
  petition: Petition,
  language: string,
  answer: FormAnswers,
): Promise<FastifyReply> {
  const { clock, mailer, formTrap } = needs
  const state = petitionState(petition, clock)
  if (hasEnded(petition, clock)) {
    needs.forms.note('closed')
    return answer.closed()
  }
  const form = parseSignForm(request.body, { asciiOnly: mailer.isAsciiOnly() })
  const trapped = formTrap.caught(request.body)
  if (!form.ok || trapped || state !== 'open') {
    if (state === 'paused') {
      needs.forms.note('not_open')
      return answer.paused(form.values)
    }
    const problems = form.ok ? {} : form.problems
    needs.forms.note(trapped ? 'trapped' : form.ok ? 'not_open' : 'incomplete')
    for (const field of Object.keys(problems)) {
      needs.formProblems.note(field as keyof FieldProblems)
    }
    const status = state === 'open' || !form.ok ? 422 : 403
    return answer.again({ values: form.values, problems, trapped }, status)
  }
  try {
    if (await needs.restoring.whyClosed()) {
      needs.forms.note('unavailable')
      return answer.unavailable(form.values)
    }
    const { email, name } = form.input
    const proof = formText(request.body)(PROOF_FIELD)
    const address = needs.clientAddress(request)
    const coming = { address, email, proof, name, language, headers: request.headers }
    const { mirror } = needs.config
    const input = mirror ? { ...form.input, mirror } : form.input
    await needs.signatures.sign(petition, language, input, needs.intakeGuard.weigh(coming))
    needs.forms.note('accepted')
  } catch (error) {
    if (!isDatabaseAway(error)) throw error
    sayWhyAway(request, kindOfAway(error as Error))
    needs.forms.note('unavailable')
    return answer.unavailable(form.values)
  }
  return answer.accepted(form.leftOut)
}
