import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { Counts } from '../count/counts.ts'
import { ownLinkPath } from '../petition/paths.ts'
import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { formatDate, formatNumber } from '../platform/i18n/format.ts'
import { HttpError } from '../platform/web/http-error.ts'
import type { MakePage, Page } from '../platform/web/page.ts'
import { sendPage } from '../platform/web/send-page.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { deletedError, getPetition } from './get-petition.ts'
import { petitionPagePart } from './petition-page-part.ts'
import { type ShareKit, viewKit } from './view-kit.ts'

/** GET /:lang/link/:token : a share code's own page, for its holder alone. */
interface OwnLinkPage extends Page {
  petition: { title: string; slogan: string; href: string }
  /** A partner's name; null for a signer's own link. */
  partner: string | null
  share: ShareKit
  personal: { shown: true; brought: number; ownHref: null }
  /** Newest first. */
  days: { day: string; when: string; clicks: string }[]
}

interface Needs {
  config: Config
  petitions: Petitions
  sharing: Sharing
  counts: Pick<Counts, 'brought'>
  makePage: MakePage
}

export function ownLinkRoutes(app: FastifyInstance, needs: Needs): void {
  const { petitions, sharing } = needs
  app.get<{ Params: { lang: string; token: string } }>(
    '/:lang/link/:token',
    async (request, reply) => {
      const { lang, token } = request.params
      const code = sharing.readPageToken(token)
      const share = code === null ? null : await sharing.resolveCode(code)
      const found = share && (await petitions.findById(share.petitionId))
      if (code && !found && (await petitions.isDeleted({ code }))) throw deletedError()
      if (!share || !found) throw new HttpError(404, 'there is no page of such a link')
      const petition = await getPetition(petitions, found.slug)
      const { languages } = petition.settings
      const language = languages.includes(lang) ? lang : languages[0]!
      const page = await viewOwnLink(needs, petition, { ...share, token, language })
      return sendPage(reply, 'confirmation/own-link.hbs', page)
    },
  )
}

async function viewOwnLink(
  { config, sharing, counts, makePage }: Needs,
  petition: Petition,
  shown: { code: string; kind: 'personal' | 'partner'; token: string; language: string },
): Promise<OwnLinkPage> {
  const { code, kind, token, language } = shown
  const partner = kind === 'partner' ? await sharing.findPartner(code) : null
  const days = await sharing.clicks.of(code)
  return {
    ...petitionPagePart(makePage, petition, {
      language,
      heading: 'share.figures',
      path: ownLinkPath(token),
    }),
    partner: partner?.name ?? null,
    share: viewKit(config.publicUrl, petition, { language, code }),
    personal: { shown: true, brought: await counts.brought(petition, code), ownHref: null },
    days: days.map(({ day, clicks }) => ({
      day,
      when: formatDate(new Date(day), language),
      clicks: formatNumber(clicks, language),
    })),
  }
}
