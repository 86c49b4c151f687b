import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import markdownIt from 'markdown-it'
import type { Config } from '../config.ts'
import { SMALL_CELL } from '../count/read-counts.ts'
import { privacyPath, withdrawPath } from '../petition/paths.ts'
import {
  currentText,
  hasGuardedFigures,
  offersUpdates,
  type Petition,
  recipientsOf,
  reviewsNames,
} from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { views } from '../platform/i18n/translate.ts'
import type { AnswerCache } from '../platform/web/answer-cache.ts'
import type { MakePage, Page } from '../platform/web/page.ts'
import { renderPublic } from '../platform/web/send-page.ts'
import { REMIND_AFTER_DAYS, RETENTION_DAYS } from '../signature/remind-or-erase.ts'
import { TRAITS_KEPT_DAYS } from '../signature/signatures.ts'
import { getPetition } from './get-petition.ts'
import { type ContactView, viewContact } from './imprint.routes.ts'
import { petitionPagePart } from './petition-page-part.ts'

const SEIZURE = join(views, '../docs/seizure.md')

/** GET /:lang/p/:slug/privacy : what the site stores about a signer, by the settings in force. */
interface PrivacyPage extends Page {
  petition: { title: string; slogan: string; href: string }
  privacyHref: string
  withdrawHref: string
  reminderDays: number
  retentionDays: number
  /** Of what is noted of forms. */
  traitsKeptDays: number
  /** age recipients, in full. */
  recipients: string[]
  recipientCount: number
  /** Nobody can look an address up any more. */
  archived: boolean
  /** Whether public figures move only with the log's batches. */
  guarded: boolean
  /** Public cells of live figures below this are folded. */
  smallestCell: number
  /** Host of the mail server; null with the built-in catcher. */
  relay: string | null
  offersUpdates: boolean
  namesReviewed: boolean
  /** For questions about the petition, and about the site; null where nobody is named. */
  contact: ContactView | null
  siteContact: ContactView | null
  organisers: { name: string; url: string | null }[]
}

/** GET /docs/seizure */
interface DocumentPage extends Page {
  html: string
}

interface Needs {
  config: Config
  petitions: Petitions
  answers: AnswerCache
  makePage: MakePage
}

/** The page about the stored data of a signer, and the one about a seizure of the server. */
export function privacyRoutes(app: FastifyInstance, needs: Needs): void {
  const seizure = readDocument(SEIZURE)

  app.get<{ Params: { lang: string; slug: string } }>(
    '/:lang/p/:slug/privacy',
    async (request, reply) => {
      const { lang, slug } = request.params
      const petition = await getPetition(needs.petitions, slug, lang, { hidden: 'found' })
      return needs.answers.send(reply, {
        key: `privacy ${lang} ${slug}`,
        make: () => renderPublic(reply, 'petition/privacy.hbs', viewPrivacy(needs, petition, lang)),
      })
    },
  )

  app.get('/docs/seizure', async (_request, reply) => {
    const { title, html } = seizure
    const page: DocumentPage = {
      ...needs.makePage({ language: 'en', title, path: () => '/docs/seizure', offered: ['en'] }),
      html,
    }
    return needs.answers.send(reply, {
      key: 'seizure',
      make: () => renderPublic(reply, 'petition/document.hbs', page),
    })
  })
}

function viewPrivacy(
  { config, makePage }: Pick<Needs, 'config' | 'makePage'>,
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
    withdrawHref: withdrawPath(petition.slug)(language),
    reminderDays: REMIND_AFTER_DAYS,
    retentionDays: RETENTION_DAYS,
    traitsKeptDays: TRAITS_KEPT_DAYS,
    recipients,
    recipientCount: recipients.length,
    archived: !petition.tagKey,
    guarded: hasGuardedFigures(petition),
    smallestCell: SMALL_CELL,
    // Only the host: the address may hold a password.
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

/** A document of docs/, in English; its first line is its title. */
function readDocument(file: string): { title: string; html: string } {
  const text = readFileSync(file, 'utf8')
  const title = /^# (.+)$/m.exec(text)![1]!
  return { title, html: markdownIt({ html: false }).render(text) }
}
