import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import { bindWords } from '../platform/i18n/bind-words.ts'
import { translator } from '../platform/i18n/translate.ts'
import { findOwnPage } from '../platform/own-pages.ts'
import { contactHref } from '../platform/parse-setting.ts'
import type { AnswerCache } from '../platform/web/answer-cache.ts'
import { HttpError, plainMessages } from '../platform/web/http-error.ts'
import type { MakePage, Page } from '../platform/web/page.ts'
import { renderPublic } from '../platform/web/send-page.ts'
import { renderMarkdown } from './petition/render-markdown.ts'

/** GET /:lang/imprint : the operator of the site. */
interface ImprintPage extends Page {
  operator: string | null
  contact: ContactView | null
  /** The operator's own words. */
  text: { html: string; language: string } | null
}

export interface ContactView {
  text: string
  href: string
}

/** Whether the settings say who runs the site: only then a page does. */
export const hasImprint = (config: Pick<Config, 'operator' | 'contact' | 'pages'>) =>
  Boolean(config.operator || config.contact || config.pages.imprint.size > 0)

/** The operator, from the settings; 404 where they name nobody. */
export function imprintRoutes(
  app: FastifyInstance,
  { config, answers, makePage }: { config: Config; answers: AnswerCache; makePage: MakePage },
): void {
  app.get<{ Params: { lang: string } }>('/:lang/imprint', async (request, reply) => {
    if (!hasImprint(config)) throw new HttpError(404, plainMessages[404]!)
    const { lang: language } = request.params
    const own = findOwnPage(config.pages.imprint, language)
    const title = translator(language)('imprint.heading')
    const page: ImprintPage = {
      ...makePage({ language, title, path: (other) => `/${other}/imprint` }),
      operator: config.operator,
      contact: viewContact(config.contact),
      text: own && {
        html: renderMarkdown(bindWords(own.body, own.language)),
        language: own.language,
      },
    }
    return answers.send(reply, {
      key: `imprint ${language}`,
      make: () => renderPublic(reply, 'petition/imprint.hbs', page),
    })
  })
}

export const viewContact = (contact: string | null | undefined): ContactView | null =>
  contact ? { text: contact, href: contactHref(contact) } : null
