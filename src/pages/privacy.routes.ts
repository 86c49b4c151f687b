import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import markdownIt from 'markdown-it'
import type { Config } from '../config.ts'
import { SMALL_CELL } from '../count/read-counts.ts'
import { petitionPath, privacyPath } from '../petition/paths.ts'
import {
  currentText,
  hasGuardedFigures,
  offersUpdates,
  type Petition,
  recipientsOf,
  reviewsNames,
} from '../petition/petition.ts'
import { views } from '../platform/i18n/translate.ts'
import { PUBLIC_CACHE, sendPage } from '../platform/web/send-page.ts'
import type { MakePage } from '../platform/web/site-page.ts'
import { REMIND_AFTER_DAYS, RETENTION_DAYS } from '../signature/remind-or-erase.ts'
import type { Site } from '../site.ts'
import { getPetition } from './get-petition.ts'
import { viewContact } from './imprint.page.ts'
import { petitionPagePart } from './petition-page-part.ts'
import type { DocumentPage, PrivacyPage } from './privacy.page.ts'

const SEIZURE = join(views, '../docs/seizure.md')

/** What is kept of a signer, and what someone who seizes it learns. */
export function privacyRoutes(app: FastifyInstance, site: Site): void {
  const seizure = readDocument(SEIZURE)

  app.get<{ Params: { lang: string; slug: string } }>(
    '/:lang/p/:slug/privacy',
    async (request, reply) => {
      const { lang, slug } = request.params
      const petition = await getPetition(site.petitions, slug, lang)
      const page = viewPrivacy(site, petition, lang)
      return sendPage(reply, 'petition/privacy.hbs', page, { cache: PUBLIC_CACHE })
    },
  )

  app.get('/docs/seizure', async (_request, reply) => {
    const { title, html } = seizure
    const page: DocumentPage = {
      ...site.makePage({ language: 'en', title, path: () => '/docs/seizure', offered: ['en'] }),
      html,
    }
    return sendPage(reply, 'petition/document.hbs', page, { cache: PUBLIC_CACHE })
  })
}

function viewPrivacy(
  { config, makePage }: { config: Config; makePage: MakePage },
  petition: Petition,
  language: string,
): PrivacyPage {
  const { content } = currentText(petition, language)
  const recipients = recipientsOf(petition)
  return {
    ...petitionPagePart(makePage, petition, {
      language,
      heading: 'privacy.heading',
      path: privacyPath(petition.slug),
    }),
    withdrawHref: `${petitionPath(petition.slug)(language)}/withdraw`,
    reminderDays: REMIND_AFTER_DAYS,
    retentionDays: RETENTION_DAYS,
    recipients,
    recipientCount: recipients.length,
    archived: !petition.tagKey,
    guarded: hasGuardedFigures(petition),
    smallestCell: SMALL_CELL,
    // The host alone: the address may hold a password.
    relay: config.smtpUrl && new URL(config.smtpUrl).hostname,
    offersUpdates: offersUpdates(petition),
    namesReviewed: reviewsNames(petition),
    contact: viewContact(petition.settings.contact),
    siteContact: viewContact(config.contact),
    organisers: petition.settings.organisers.map(({ id, url }) => ({
      name: content.organisers[id] ?? id,
      url,
    })),
  }
}

/** A document of our own, in English. Its first line is its title. */
function readDocument(file: string): { title: string; html: string } {
  const text = readFileSync(file, 'utf8')
  const title = /^# (.+)$/m.exec(text)![1]!
  return { title, html: markdownIt({ html: false }).render(text) }
}
