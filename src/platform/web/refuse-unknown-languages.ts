import type { FastifyInstance } from 'fastify'
import { languages } from '../i18n/translate.ts'
import { HttpError, plainMessages } from './http-error.ts'

const known = new Set(languages)

/**
 * Answers 404 before any route is asked where `:lang` is no language of the site, the empty one of
 * `//p/…` too: from there on it is safe to look strings up by it and to begin a path with it.
 */
export function refuseUnknownLanguages(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { lang } = request.params as { lang?: string }
    if (lang === undefined || known.has(lang)) done()
    else done(new HttpError(404, plainMessages[404]!))
  })
}
