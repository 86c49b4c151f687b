import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { Counts } from '../count/counts.ts'
import type { PublicLog } from '../log/public-log.ts'
import { ownLinkPath, thanksPath, verifyPath, withdrawPath, writePath } from '../petition/paths.ts'
import { hasGuardedFigures, type Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import type { MakePage, Page } from '../platform/web/page.ts'
import { sendPage } from '../platform/web/send-page.ts'
import { withoutTail } from '../sharing/attribution.ts'
import type { Sharing } from '../sharing/sharing.ts'
import type { Targets } from '../target/targets.ts'
import { getPetition } from './get-petition.ts'
import { petitionPagePart } from './petition-page-part.ts'
import { type CountView, type LogWait, logWaitOf, viewCount } from './view-count.ts'
import { type ShareKit, viewKit } from './view-kit.ts'

/** GET /:lang/p/:slug/thanks?s=<personal share code>&k=<the rest of its page's token> */
interface ThanksPage extends Page, LogWait {
  verifyHref: string
  petition: { title: string; slogan: string; href: string }
  count: CountView
  /** Null when the code is missing or not valid: the page then shares the plain address. */
  personal: PersonalLink | null
  share: ShareKit
  withdrawHref: string
  /** Where a letter to one who is asked begins; null where nobody is. */
  writeHref: string | null
}

/** The code alone is in everybody's hands: what it brought is shown to its signer, who also has the key. */
interface PersonalLink {
  shown: boolean
  brought: number
  /** The link's own page; null without the key. */
  ownHref: string | null
}

interface Query {
  s?: unknown
  k?: unknown
  n?: unknown
}

interface Needs {
  config: Config
  petitions: Petitions
  sharing: Sharing
  counts: Counts
  publicLog: Pick<PublicLog, 'published'>
  targets: Pick<Targets, 'of'>
  makePage: MakePage
}

export function thanksRoutes(app: FastifyInstance, needs: Needs): void {
  const { config, petitions, sharing, counts } = needs

  app.get<{ Params: { lang: string; slug: string }; Querystring: Query }>(
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
    { s, k, n }: Query,
  ): Promise<ThanksPage> {
    const code = withoutTail(s)
    const personal = sharing.readPersonalCode(code) === petition.id
    const token = `${code}${withoutTail(k)}`
    const isOwn = personal && sharing.readPageToken(token) === code
    const share = viewKit(config.publicUrl, petition, { language, code: personal ? code : null })
    const count = await counts.shown(petition.id)
    const least = personal ? await leastForSigner(counts, petition, count.counted, n) : 0
    const seen = least > 1 && hasGuardedFigures(petition) ? `&n=${least}` : ''
    return {
      ...petitionPagePart(needs.makePage, petition, {
        language,
        // Without a signer's code the reader may not have signed: the page then only helps to share.
        heading: personal ? 'thanks.heading' : 'share.heading',
        path: thanksPath(petition.slug),
        query: personal ? `?s=${code}${isOwn ? `&k=${token.slice(code.length)}` : ''}${seen}` : '',
      }),
      count: viewCount(petition, count, language, await needs.publicLog.published(), least),
      personal: personal
        ? {
            shown: isOwn,
            brought: isOwn ? await counts.brought(petition, code) : 0,
            ownHref: isOwn ? ownLinkPath(token)(language) : null,
          }
        : null,
      share,
      ...logWaitOf(petition, config),
      verifyHref: verifyPath(petition.slug)(language),
      withdrawHref: withdrawPath(petition.slug)(language),
      writeHref:
        (await needs.targets.of(petition)).length > 0 ? writePath(petition.slug)(language) : null,
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
  { counts, sharing }: { counts: Counts; sharing: Pick<Sharing, 'personalCode' | 'pageToken'> },
  petition: Petition,
  language: string,
  signature: { id: string; isInLog?: boolean },
): Promise<string> {
  const code = sharing.personalCode(petition.id, signature.id)
  const key = sharing.pageToken(code).slice(code.length)
  const path = `${thanksPath(petition.slug)(language)}?s=${code}&k=${key}`
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
