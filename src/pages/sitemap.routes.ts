import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import { anyLanguagePath, anyUpdatePath, petitionPath, updatePath } from '../petition/paths.ts'
import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { languages } from '../platform/i18n/translate.ts'
import { sendCacheable } from '../platform/web/send-page.ts'
import { languagesOf } from '../update/choose-text.ts'
import type { Update, Updates } from '../update/updates.ts'

const TEN_MINUTES = 'public, max-age=600'
const NAMESPACES =
  'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'

/** One page in its languages. */
interface Listed {
  path: (language: string) => string
  /** Leads to the reader's language. */
  anyLanguage: string
  languages: string[]
  /** When it changed last; null for a page that may change at any time. */
  changed: Date | null
}

/** Every page that search engines may list (sitemaps.org), each with its other languages. */
export function sitemapRoute(
  app: FastifyInstance,
  {
    config,
    petitions,
    updates,
  }: { config: Config; petitions: Pick<Petitions, 'listed'>; updates: Pick<Updates, 'of'> },
): void {
  app.get('/sitemap.xml', async (_request, reply) => {
    const home: Listed = {
      path: (language) => `/${language}/`,
      anyLanguage: '/',
      languages,
      changed: null,
    }
    const all = await petitions.listed()
    const told = await Promise.all(
      all.map(async (petition) =>
        (await updates.of(petition)).map((update) => listUpdate(petition, update)),
      ),
    )
    const listed = [home, ...all.map(list), ...told.flat()]
    const pages = listed.flatMap((page) => writePages(page, config.publicUrl))
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<urlset ${NAMESPACES}>\n${pages.join('')}</urlset>\n`
    return sendCacheable(reply.type('application/xml; charset=utf-8'), xml, TEN_MINUTES)
  })
}

const list = (petition: Petition): Listed => ({
  path: petitionPath(petition.slug),
  anyLanguage: anyLanguagePath(petition.slug),
  languages: petition.settings.languages,
  changed: petition.updatedAt,
})

const listUpdate = (petition: Petition, update: Update): Listed => ({
  path: updatePath(petition.slug, update.name),
  anyLanguage: anyUpdatePath(petition.slug, update.name),
  languages: languagesOf(petition, update),
  changed: update.updatedAt,
})

/** An address holds neither `&` nor `<`: PUBLIC_URL is an origin, a slug has letters, digits and hyphens. */
function writePages({ path, anyLanguage, languages, changed }: Listed, origin: string): string[] {
  const link = (language: string, to: string) =>
    `<xhtml:link rel="alternate" hreflang="${language}" href="${origin}${to}"/>\n`
  const links = languages.map((language) => link(language, path(language)))
  const alternates = [...links, link('x-default', anyLanguage)].join('')
  const lastmod = changed ? `<lastmod>${changed.toISOString()}</lastmod>\n` : ''
  return languages.map(
    (language) => `<url>\n<loc>${origin}${path(language)}</loc>\n${lastmod}${alternates}</url>\n`,
  )
}
