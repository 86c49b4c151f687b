import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { petitionPath } from '../petition/paths.ts'
import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { negotiate } from '../platform/i18n/translate.ts'
import { HttpError } from '../platform/web/http-error.ts'
import { redirectWithin } from '../platform/web/redirect-within.ts'
import { attributionQuery, readAttributionQuery, withoutTail } from '../sharing/attribution.ts'
import { isClick } from '../sharing/is-click.ts'
import { CODE_PATTERN } from '../sharing/share-code.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { deletedError } from './get-petition.ts'

/** Also how long a browser that opens the link again isn't counted again. */
const CACHE = 'public, max-age=60'

type CodeParams = { Params: { code: string } }

/** The short links by which signers and partners pass a petition on. */
export function shortLinkRoutes(
  app: FastifyInstance,
  {
    config,
    petitions,
    sharing,
  }: { config: { mirror?: string }; petitions: Petitions; sharing: Sharing },
): void {
  // Clicks are counted in one place, whichever name was asked.
  if (!config.mirror) {
    const writing = sharing.clicks.keepWriting(app.log)
    app.addHook('onClose', () => writing.stop())
  }

  // As partners print it, and as signers shared it before: in the reader's language.
  app.get<CodeParams>('/s/:code', async (request, reply) => {
    const { petition, code } = await findShared(request.params.code)
    const language = negotiate(request.headers['accept-language'], petition.settings.languages)
    reply.header('vary', 'accept-language')
    return leadOn(request, reply, { petition, code, language })
  })

  // In the sharer's language: messengers ask for the preview in theirs, or in none.
  app.get<{ Params: { lang: string; code: string } }>('/:lang/s/:code', async (request, reply) => {
    const { petition, code } = await findShared(request.params.code)
    const { lang } = request.params
    // A dropped language has a redirect of its own, with a note.
    const language = petition.texts.has(lang) ? lang : petition.settings.languages[0]!
    return leadOn(request, reply, { petition, code, language })
  })

  /**
   * What a chat or a typist left behind the code is cut off; marks that may belong to it are tried by `redirectToMeant`.
   * @throws HttpError 404, or 410 where the petition was deleted
   */
  async function findShared(given: string): Promise<{ petition: Petition; code: string }> {
    const code = withoutTail(given)
    const share = CODE_PATTERN.test(code) ? await sharing.resolveCode(code) : null
    const petition = share && (await petitions.findById(share.petitionId))
    if (!petition && (await petitions.isDeleted({ code }))) throw deletedError()
    if (!petition?.publishedAt) throw new HttpError(404, 'this share link is not known')
    return { petition, code }
  }

  function leadOn(
    request: FastifyRequest,
    reply: FastifyReply,
    { petition, code, language }: { petition: Petition; code: string; language: string },
  ) {
    if (isClick(request)) sharing.clicks.note(code)
    const { source } = readAttributionQuery(request.query)
    const query = attributionQuery({ ref: code, source })
    reply.header('cache-control', CACHE)
    return redirectWithin(reply, `${petitionPath(petition.slug)(language)}${query}`, 302)
  }
}
