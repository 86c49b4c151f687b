import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { petitionPath, verifyPath } from '../../petition/paths.ts'
import { currentText, hasGuardedFigures, type Petition } from '../../petition/petition.ts'
import { negotiate } from '../../platform/i18n/negotiate.ts'
import { translator } from '../../platform/i18n/translate.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import type { Page } from '../../platform/web/page.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { sendPage } from '../../platform/web/send-page.ts'
import {
  attributionQuery,
  readAttributionQuery,
  resolveCode,
  withoutTail,
} from '../../sharing/attribution.ts'
import { CODE_PATTERN, readPersonalCode } from '../../sharing/share-code.ts'
import { shareLinks } from '../../sharing/share-links.ts'
import type { Site } from '../../site.ts'
import { viewCount } from '../count.page.ts'
import { getPetition } from '../get-petition.ts'
import { type LogWait, logWaitOf } from '../log-wait.ts'
import type { CountView } from '../petition/petition.page.ts'
import { petitionPagePart } from '../petition-page-part.ts'
import { leastForSigner } from './include-own.ts'

/** GET /:lang/p/:slug/thanks?s=<personal share code> */
export interface ThanksPage extends Page, LogWait {
  verifyHref: string
  petition: { title: string; slogan: string; href: string }
  count: CountView
  /** Null when the code is missing or not valid: the page then shares the plain address. */
  personal: { url: string; brought: number } | null
  share: {
    url: string
    /** Text for navigator.share. */
    text: string
    /** Plain links, in order of use; `network` is an icon and label key (`whatsapp`, `telegram`, `x`, `facebook`, `bluesky`, `mastodon`, `email`). */
    links: { network: string; label: string; href: string }[]
  }
  withdrawHref: string
}

export function thanksRoutes(app: FastifyInstance, site: Site): void {
  const { config, db, keyring, petitions } = site

  // As partners print it, and as it was shared before: in the reader's language.
  app.get<{ Params: { code: string } }>('/s/:code', async (request, reply) => {
    const petition = await findShared(request.params.code)
    const language = negotiate(request.headers['accept-language'], petition.settings.languages)
    reply.header('vary', 'accept-language')
    return redirectToPetition(request, reply, petition, language)
  })

  // In the language of who shared it: messengers ask for the preview in their own, or in none.
  app.get<{ Params: { lang: string; code: string } }>('/:lang/s/:code', async (request, reply) => {
    const { lang, code } = request.params
    const petition = await findShared(code)
    // One that was dropped has a redirect of its own, with a note.
    const language = petition.texts.has(lang) ? lang : petition.settings.languages[0]!
    return redirectToPetition(request, reply, petition, language)
  })

  /** @throws HttpError 404 */
  async function findShared(code: string): Promise<Petition> {
    const share = CODE_PATTERN.test(code) ? await resolveCode(db, keyring, code) : null
    const petition = share && (await petitions.findById(share.petitionId))
    if (!petition) throw new HttpError(404, 'this share link is not known')
    return petition
  }

  function redirectToPetition(
    request: FastifyRequest<{ Params: { code: string } }>,
    reply: FastifyReply,
    petition: Petition,
    language: string,
  ) {
    const { source } = readAttributionQuery(request.query)
    const query = attributionQuery({ ref: request.params.code, source })
    reply.header('cache-control', 'public, max-age=60')
    return redirectWithin(reply, `${petitionPath(petition.slug)(language)}${query}`, 302)
  }

  app.get<{ Params: { lang: string; slug: string }; Querystring: { s?: unknown; n?: unknown } }>(
    '/:lang/p/:slug/thanks',
    async (request, reply) => {
      const { lang, slug } = request.params
      const petition = await getPetition(petitions, slug, lang)
      return sendPage(
        reply,
        'confirmation/thanks.hbs',
        await viewThanks(petition, lang, request.query),
      )
    },
  )

  async function viewThanks(
    petition: Petition,
    language: string,
    { s, n }: { s?: unknown; n?: unknown },
  ): Promise<ThanksPage> {
    const code = withoutTail(s)
    const personal = readPersonalCode(keyring, code) === petition.id
    const path = (other: string) => `${petitionPath(petition.slug)(other)}/thanks`
    const own = personal ? `/s/${code}` : `/p/${petition.slug}`
    const url = `${config.publicUrl}/${language}${own}`
    const { content } = currentText(petition, language)
    const count = await site.counts.shown(petition.id)
    const least = personal ? await leastForSigner(site.counts, petition, count.counted, n) : 0
    const seen = least > 1 && hasGuardedFigures(petition) ? `&n=${least}` : ''
    return {
      ...petitionPagePart(site.makePage, petition, {
        language,
        // Without a signer's code nobody is known to have signed: the page then only helps to share.
        heading: personal ? 'thanks.heading' : 'share.heading',
        path,
        query: personal ? `?s=${code}${seen}` : '',
      }),
      count: viewCount(petition, count, language, await site.publicLog.published(), least),
      personal: personal ? { url, brought: await site.counts.brought(petition, code) } : null,
      share: {
        url,
        text: content.title,
        links: shareLinks(url, content.title, translator(language)('share.email')),
      },
      ...logWaitOf(petition, config),
      verifyHref: verifyPath(petition.slug)(language),
      withdrawHref: `${petitionPath(petition.slug)(language)}/withdraw`,
    }
  }
}
