import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import view from '@fastify/view'
import type { FastifyInstance } from 'fastify'
import Handlebars from 'handlebars'
import { commaOf } from '../i18n/direction.ts'
import { fitValue } from '../i18n/fit-value.ts'
import { pluralForms, translator, type Values, views } from '../i18n/translate.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** As viewAsync, within the layout of the pages that other sites hold in a frame. */
    viewFrameAsync(template: string, page: object): Promise<string>
  }
}

/** Lets replies render the templates of views/ within their layout. */
export async function addTemplates(app: FastifyInstance): Promise<void> {
  const options = { engine: { handlebars: createHandlebars() }, root: views, production: true }
  await app.register(view, { ...options, layout: 'layout.hbs' })
  await app.register(view, {
    ...options,
    layout: 'embed/layout.hbs',
    propertyName: 'viewFrame',
    asyncPropertyName: 'viewFrameAsync',
  })
}

/**
 * A Handlebars of our own with the partials of views/partials and these helpers:
 * `{{t "key" name=value}}` (a string in the page's language), `{{forms "key"}}` (its plural forms as JSON, for
 * a script), `{{digits number}}` (as the language writes it), `{{comma}}`, `{{eq a b}}` and `{{concat a b …}}`.
 * Anything cleverer belongs in the page's view model.
 */
export function createHandlebars(): typeof Handlebars {
  const handlebars = Handlebars.create()
  handlebars.registerHelper('t', t)
  handlebars.registerHelper('forms', (key: string, options: Handlebars.HelperOptions) =>
    JSON.stringify(pluralForms(options.data.root.language, key)),
  )
  handlebars.registerHelper('digits', (value: number, options: Handlebars.HelperOptions) =>
    fitValue(value, options.data.root.language),
  )
  handlebars.registerHelper('comma', (options: Handlebars.HelperOptions) =>
    commaOf(options.data.root.language),
  )
  handlebars.registerHelper('eq', (a: unknown, b: unknown) => a === b)
  handlebars.registerHelper('concat', (...parts: unknown[]) => parts.slice(0, -1).join(''))
  const folder = join(views, 'partials')
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.hbs')) continue
    const source = readFileSync(join(folder, file), 'utf8')
    handlebars.registerPartial(file.slice(0, -'.hbs'.length), source)
  }
  // Otherwise an indented partial would indent the second line of a comment in its textarea.
  const compile = handlebars.compile.bind(handlebars)
  handlebars.compile = (source, options) => compile(source, { preventIndent: true, ...options })
  return handlebars
}

/** Looks the language up in the page itself, so that it works at any depth of a template. */
function t(this: unknown, key: string, options: Handlebars.HelperOptions): string {
  return translator(options.data.root.language)(key, options.hash as Values)
}
