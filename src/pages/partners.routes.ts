import type { FastifyInstance } from 'fastify'
import type { Counts } from '../count/counts.ts'
import { partnersPath } from '../petition/paths.ts'
import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { formatNumber } from '../platform/i18n/format.ts'
import type { AnswerCache } from '../platform/web/answer-cache.ts'
import { HttpError } from '../platform/web/http-error.ts'
import type { MakePage, Page } from '../platform/web/page.ts'
import { renderPublic } from '../platform/web/send-page.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { getPetition } from './get-petition.ts'
import { petitionPagePart } from './petition-page-part.ts'

/** GET /:lang/p/:slug/partners */
interface PartnersPage extends Page {
  petition: { title: string; slogan: string; href: string }
  /** Those who brought most first; `brought` is null before the first figure. */
  partners: { name: string; brought: string | null }[]
}

interface Needs {
  petitions: Petitions
  sharing: Pick<Sharing, 'listPartnerLinks'>
  counts: Pick<Counts, 'broughtBy'>
  answers: AnswerCache
  makePage: MakePage
}

/** Everybody's view of what the partners brought, where the organisers made it public; never of a signer's own link. */
export function partnersRoutes(app: FastifyInstance, needs: Needs): void {
  app.get<{ Params: { lang: string; slug: string } }>(
    '/:lang/p/:slug/partners',
    async (request, reply) => {
      const { lang: language, slug } = request.params
      const petition = await getPetition(needs.petitions, slug, language)
      if (petition.settings.partners !== 'public')
        throw new HttpError(404, 'the partners of this petition are not public')
      return needs.answers.send(reply, {
        key: `partners ${language} ${slug}`,
        async make() {
          const page: PartnersPage = {
            ...petitionPagePart(needs.makePage, petition, {
              language,
              heading: 'share.partners',
              path: partnersPath(slug),
            }),
            partners: await listPartners(needs, petition, language),
          }
          return renderPublic(reply, 'people/partners.hbs', page)
        },
      })
    },
  )
}

async function listPartners(
  { sharing, counts }: Needs,
  petition: Petition,
  language: string,
): Promise<PartnersPage['partners']> {
  const links = await sharing.listPartnerLinks(petition)
  const brought = await counts.broughtBy(
    petition,
    links.map(({ code }) => code),
  )
  const inOrder = new Intl.Collator(language).compare
  return links
    .map(({ code, name }) => ({ name, count: brought.get(code) ?? 0 }))
    .sort((a, b) => b.count - a.count || inOrder(a.name, b.name))
    .map(({ name, count }) => ({ name, brought: count ? formatNumber(count, language) : null }))
}
