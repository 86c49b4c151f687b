import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import type { Counts } from '../count/counts.ts'
import type { PublicLog } from '../log/public-log.ts'
import {
  anyLanguagePath,
  petitionPath,
  thanksPath,
  verifyPath,
  withdrawPath,
} from '../petition/paths.ts'
import { currentText, hasGuardedFigures, type Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { negotiate, translator } from '../platform/i18n/translate.ts'
import { HttpError } from '../platform/web/http-error.ts'
import type { MakePage, Page } from '../platform/web/page.ts'
import { redirectWithin } from '../platform/web/redirect-within.ts'
import { sendPage } from '../platform/web/send-page.ts'
import { attributionQuery, readAttributionQuery, withoutTail } from '../sharing/attribution.ts'
import { CODE_PATTERN } from '../sharing/share-code.ts'
import { shareLinks } from '../sharing/share-links.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { getPetition } from './get-petition.ts'
import { petitionPagePart } from './petition-page-part.ts'
import { type CountView, type LogWait, logWaitOf, viewCount } from './view-count.ts'

/** GET /:lang/p/:slug/thanks?s=<personal share code> */
interface ThanksPage extends Page, LogWait {
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

interface Needs {
  config: Config
  petitions: Petitions
  sharing: Sharing
  counts: Counts
  publicLog: Pick<PublicLog, 'published'>
  makePage: MakePage
}

export function thanksRoutes(app: FastifyInstance, needs: Needs): void {
  const { config, petitions, sharing, counts } = needs

  // As partners print it, and as signers shared it before: in the reader's language.
  app.get<{ Params: { code: string } }>('/s/:code', async (request, reply) => {
    const petition = await findShared(request.params.code)
    const language = negotiate(request.headers['accept-language'], petition.settings.languages)
    reply.header('vary', 'accept-language')
    return redirectToPetition(request, reply, petition, language)
  })

  // In the sharer's language: messengers ask for the preview in theirs, or in none.
  app.get<{ Params: { lang: string; code: string } }>('/:lang/s/:code', async (request, reply) => {
    const { lang, code } = request.params
    const petition = await findShared(code)
    // A dropped language has a redirect of its own, with a note.
    const language = petition.texts.has(lang) ? lang : petition.settings.languages[0]!
    return redirectToPetition(request, reply, petition, language)
  })

  /** @throws HttpError 404 */
  async function findShared(code: string): Promise<Petition> {
    const share = CODE_PATTERN.test(code) ? await sharing.resolveCode(code) : null
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
    const personal = sharing.readPersonalCode(code) === petition.id
    const own = personal ? `/s/${code}` : anyLanguagePath(petition.slug)
    const url = `${config.publicUrl}/${language}${own}`
    const { content } = currentText(petition, language)
    const count = await counts.shown(petition.id)
    const least = personal ? await leastForSigner(counts, petition, count.counted, n) : 0
    const seen = least > 1 && hasGuardedFigures(petition) ? `&n=${least}` : ''
    return {
      ...petitionPagePart(needs.makePage, petition, {
        language,
        // Without a signer's code the reader may not have signed: the page then only helps to share.
        heading: personal ? 'thanks.heading' : 'share.heading',
        path: thanksPath(petition.slug),
        query: personal ? `?s=${code}${seen}` : '',
      }),
      count: viewCount(petition, count, language, await needs.publicLog.published(), least),
      personal: personal ? { url, brought: await counts.brought(petition, code) } : null,
      share: {
        url,
        text: content.title,
        links: shareLinks(url, content.title, translator(language)('share.email')),
      },
      ...logWaitOf(petition, config),
      verifyHref: verifyPath(petition.slug)(language),
      withdrawHref: withdrawPath(petition.slug)(language),
    }
  }
}

/** As `thankedAt` writes it: no sign, no leading zero. */
const SEEN = /^[1-9]\d{0,8}$/

/**
 * The address of a signer's thanks page. Where figures are guarded, it carries the number that the signer
 * is to see, their own signature included, as `n`: no stored row ties the share code to the signature, and
 * every process must be able to answer.
 */
export async function thankedAt(
  { counts, sharing }: { counts: Counts; sharing: Pick<Sharing, 'personalCode'> },
  petition: Petition,
  language: string,
  signature: { id: string; isInLog?: boolean },
): Promise<string> {
  const code = sharing.personalCode(petition.id, signature.id)
  const path = `${thanksPath(petition.slug)(language)}?s=${code}`
  if (signature.isInLog || !hasGuardedFigures(petition)) return path
  return `${path}&n=${(await counts.shown(petition.id)).counted + 1}`
}

/**
 * The least number that a signer's thanks page shows, from the first moment: counting, other processes and
 * the log's batches come later.
 *
 * @param counted the public figure
 * @param seen `n` of the address, as given: a reader who makes it up gets at most one more than the public figure
 */
async function leastForSigner(
  counts: Counts,
  petition: Petition,
  counted: number,
  seen: unknown,
): Promise<number> {
  if (!hasGuardedFigures(petition)) return Math.max(1, await counts.now(petition.id))
  const asked = typeof seen === 'string' && SEEN.test(seen) ? Number(seen) : 1
  return Math.min(asked, counted + 1)
}
