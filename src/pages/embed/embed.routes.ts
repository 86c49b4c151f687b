import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { formFrames, type Petition } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import { translator } from '../../platform/i18n/translate.ts'
import type { Sender } from '../../platform/mail/mail-settings.ts'
import type { AnswerCache } from '../../platform/web/answer-cache.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import type { Page } from '../../platform/web/page.ts'
import type { Query, ReadQuery } from '../../platform/web/read-query.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { allowFrames } from '../../platform/web/security-headers.ts'
import { PRIVATE_CACHE } from '../../platform/web/send-page.ts'
import { parseSignForm } from '../../signature/form/sign-form.ts'
import { getPetition } from '../get-petition.ts'
import { viewPause } from '../petition/view-stage.ts'
import { sendElsewhere } from '../signing/give-back-form.ts'
import { type TakeFormNeeds, takeForm } from '../signing/take-form.ts'
import { leftOutQuery, readLeftOut } from '../signing/view-check-your-email.ts'
import { askedLanguage, type FrameLook, framePath, readLook, sourceOf } from './frame-look.ts'
import { renderFrame } from './render-frame.ts'
import { type FormFramePage, type ViewFrameNeeds, viewFrame } from './view-frame.ts'
import { SENT, viewSent } from './view-sent.ts'
import { viewUnknown } from './view-unknown.ts'

type Slug = { Params: { slug: string } }

type Needs = ViewFrameNeeds &
  TakeFormNeeds & {
    config: { publicUrl: string; mailFrom: Sender }
    inboxUrl: string | null
    petitions: Petitions
    answers: AnswerCache
  }

/** What other sites hold in a frame: docs/decisions/0058-embed.md. Nothing that is mailed can be opened in one. */
export function embedRoutes(app: FastifyInstance, needs: Needs): void {
  const { petitions, makePage, answers } = needs

  async function find(request: FastifyRequest): Promise<{ petition: Petition; look: FrameLook }> {
    const petition = await getPetition(petitions, (request.params as Slug['Params']).slug)
    const { 'accept-language': accepted } = request.headers
    const look = readLook(request.query as Query, petition.settings.languages, accepted)
    return { petition, look: { ...look, source: sourceOf(look) } }
  }

  /** The petition of a form, which only sites of its list may hold. */
  async function findForForm(request: FastifyRequest, reply: FastifyReply) {
    const found = await find(request)
    const ancestors = formFrames(found.petition)
    if (ancestors === null) throw new HttpError(403, 'no site may hold the form of this petition')
    allowFrames(reply, ancestors)
    return { ...found, look: { ...found.look, kind: 'form' as const } }
  }

  app.get<Slug>('/embed/:slug', async (request, reply) => {
    const found = await find(request).catch(tellUnknown)
    if (found instanceof HttpError) return sendUnknown(request, reply, found)
    const { petition, look } = found
    const { settings } = petition
    const ancestors = look.kind === 'form' ? formFrames(petition) : null
    allowFrames(reply, ancestors ?? '*')
    const isNamed = askedLanguage(request.query as Query, settings.languages) !== undefined
    return answers.send(reply, {
      key: `embed ${look.language} ${petition.slug}`,
      read: readerOf(settings.languages),
      vary: isNamed ? undefined : 'accept-language',
      async make({ repeated }) {
        const { colours = '', ref = '', source: named = '' } = repeated
        const source = sourceOf({ ref, source: named })
        const page = await viewFrame(needs, petition, { ...look, colours, ref, source })
        return renderFrame(reply, 'embed/frame.hbs', page)
      },
    })
  })

  /** May stand in any frame. */
  async function sendUnknown(
    { query, headers }: FastifyRequest,
    reply: FastifyReply,
    { statusCode, page }: HttpError,
  ) {
    const unknown = viewUnknown(makePage, page, query as Query, headers['accept-language'])
    return send(allowFrames(reply, '*'), 'embed/unknown.hbs', unknown, statusCode)
  }

  const answerOtherSite = async (request: FastifyRequest, reply: FastifyReply) => {
    const { petition, look } = await findForForm(request, reply)
    const { language: lang } = look
    return sendElsewhere(needs, request, reply, { lang, slug: petition.slug, target: '_blank' })
  }

  app.post<Slug>(
    '/embed/:slug/signatures',
    { config: { keepsForm: true, answerOtherSite } },
    async (request, reply) => {
      const { petition, look } = await findForForm(request, reply)
      const { language } = look
      const t = translator(language)
      const show = async (options: Parameters<typeof viewFrame>[3], status: number) =>
        sendForm(reply, await viewFrame(needs, petition, look, options), status)
      return takeForm(needs, request, petition, language, {
        closed: () => show({}, 410),
        paused: (values) =>
          show(
            {
              form: { values },
              notices: [viewPause(petition, language)!, t('petition.paused.kept')],
            },
            403,
          ),
        again: (form, status) => show({ form }, status),
        unavailable: (values) =>
          show(
            {
              form: { values },
              notices: [t('unavailable.text'), t('unavailable.next')],
              away: true,
            },
            503,
          ),
        accepted: (leftOut) =>
          redirectWithin(
            reply,
            `${framePath(petition.slug, look, SENT)}${leftOutQuery(leftOut).replace('?', '&')}`,
            303,
          ),
      })
    },
  )

  // A reload, or a frame that a browser restores, after the form came back with errors.
  app.get<Slug>('/embed/:slug/signatures', async (request, reply) => {
    const { petition, look } = await find(request)
    return redirectWithin(reply, framePath(petition.slug, look), 302)
  })

  // A form that is half filled in, in another language: nothing is judged or stored.
  app.post<Slug>(
    '/embed/:slug',
    { config: { keepsForm: true, answerOtherSite } },
    async (request, reply) => {
      const { petition, look } = await findForForm(request, reply)
      const { values } = parseSignForm(request.body)
      const again = { ...look, ref: values.ref, source: values.source }
      return sendForm(reply, await viewFrame(needs, petition, again, { form: { values } }), 200)
    },
  )

  app.get<Slug>(`/embed/:slug${SENT}`, async (request, reply) => {
    const { petition, look } = await findForForm(request, reply)
    const leftOut = readLeftOut(request.query)
    return answers.send(reply, {
      key: `embed sent ${look.language} ${petition.slug}`,
      read: (query) => ({
        ...readerOf(petition.settings.languages)(query),
        variant: [look.theme, leftOutQuery(readLeftOut(query))].join(' '),
      }),
      vary: 'accept-language',
      make({ repeated }) {
        const kept = { ...look, colours: '', ref: '', source: '', ...repeated }
        return renderFrame(
          reply,
          'embed/sent.hbs',
          viewSent({ ...needs, makePage }, petition, kept, leftOut),
        )
      },
    })
  })
}

/** Kind, theme and language choose an answer, the host's colours and the partner's code are put into it. */
const readerOf =
  (offered: string[]): ReadQuery =>
  (query) => {
    const { kind, theme, colours, ref, source } = readLook(query, offered, undefined)
    const named = askedLanguage(query, offered) ?? 'any'
    return { variant: [named, kind, theme].join(' '), repeated: { colours, ref, source } }
  }

/** @throws whatever else was thrown */
function tellUnknown(error: unknown): HttpError {
  if (error instanceof HttpError && [404, 410].includes(error.statusCode)) return error
  throw error
}

const sendForm = (reply: FastifyReply, page: FormFramePage, status: number) =>
  send(reply, 'embed/frame.hbs', page, status)

async function send(
  reply: FastifyReply,
  template: string,
  page: Page,
  status: number,
): Promise<FastifyReply> {
  const { body, headers } = await renderFrame(reply, template, page)
  return reply
    .status(status)
    .headers({ ...headers, 'cache-control': PRIVATE_CACHE })
    .send(body)
}
