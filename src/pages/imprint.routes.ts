import type { FastifyInstance } from 'fastify'
import { type Config, hasImprint } from '../config.ts'
import { translator } from '../platform/i18n/translate.ts'
import { contactHref } from '../platform/parse-setting.ts'
import type { AnswerCache } from '../platform/web/answer-cache.ts'
import { HttpError, plainMessages } from '../platform/web/http-error.ts'
import type { MakePage, Page } from '../platform/web/page.ts'
import { renderPublic } from '../platform/web/send-page.ts'

/** GET /:lang/imprint : the operator of the site. */
interface ImprintPage extends Page {
  operator: string | null
  contact: ContactView | null
}

export interface ContactView {
  text: string
  href: string
}

/** The operator, from the settings; 404 where they name nobody. */
export function imprintRoutes(
  app: FastifyInstance,
  { config, answers, makePage }: { config: Config; answers: AnswerCache; makePage: MakePage },
): void {
  app.get<{ Params: { lang: string } }>('/:lang/imprint', async (request, reply) => {
    if (!hasImprint(config)) throw new HttpError(404, plainMessages[404]!)
    const { lang: language } = request.params
    const title = translator(language)('imprint.heading')
    const page: ImprintPage = {
      ...makePage({ language, title, path: (other) => `/${other}/imprint` }),
      operator: config.operator,
      contact: viewContact(config.contact),
    }
    return answers.send(reply, {
      key: `imprint ${language}`,
      make: () => renderPublic(reply, 'petition/imprint.hbs', page),
    })
  })
}

export const viewContact = (contact: string | null | undefined): ContactView | null =>
  contact ? { text: contact, href: contactHref(contact) } : null
