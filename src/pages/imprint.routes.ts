import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import { translator } from '../platform/i18n/translate.ts'
import { HttpError, plainMessages } from '../platform/web/http-error.ts'
import type { MakePage } from '../platform/web/page.ts'
import { PUBLIC_CACHE, sendPage } from '../platform/web/send-page.ts'
import { hasImprint, type ImprintPage, viewContact } from './imprint.page.ts'

/** Who runs the site, as its settings say; 404 where they name nobody. */
export function imprintRoutes(
  app: FastifyInstance,
  { config, makePage }: { config: Config; makePage: MakePage },
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
    return sendPage(reply, 'petition/imprint.hbs', page, { cache: PUBLIC_CACHE })
  })
}
