import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import { bindWords } from '../platform/i18n/bind-words.ts'
import { translator } from '../platform/i18n/translate.ts'
import { findOwnPage } from '../platform/own-pages.ts'
import type { AnswerCache } from '../platform/web/answer-cache.ts'
import { HttpError, plainMessages } from '../platform/web/http-error.ts'
import type { MakePage, Page } from '../platform/web/page.ts'
import { renderPublic } from '../platform/web/send-page.ts'
import { renderMarkdown } from './petition/render-markdown.ts'

/** GET /:lang/about : what this site is, in the operator's own words. */
interface AboutPage extends Page {
  heading: string
  text: { html: string; language: string }
}

/** 404 where the operator wrote no such page. */
export function aboutRoutes(
  app: FastifyInstance,
  {
    config,
    answers,
    makePage,
  }: { config: Pick<Config, 'pages'>; answers: AnswerCache; makePage: MakePage },
): void {
  app.get<{ Params: { lang: string } }>('/:lang/about', async (request, reply) => {
    const { lang: language } = request.params
    const own = findOwnPage(config.pages.about, language)
    if (!own) throw new HttpError(404, plainMessages[404]!)
    const heading = own.title ?? translator(language)('about.heading')
    const page: AboutPage = {
      ...makePage({
        language,
        title: heading,
        path: (other) => `/${other}/about`,
        indexed: own.language === language,
      }),
      heading,
      text: { html: renderMarkdown(bindWords(own.body, own.language)), language: own.language },
    }
    return answers.send(reply, {
      key: `about ${language}`,
      make: () => renderPublic(reply, 'petition/about.hbs', page),
    })
  })
}
