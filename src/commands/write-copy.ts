import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import Handlebars from 'handlebars'
import { buildApp } from '../app.ts'
import { answersPath } from '../petition/paths.ts'
import { isRightToLeft } from '../platform/i18n/direction.ts'
import { formatMoment } from '../platform/i18n/format.ts'
import { languageNames, languages, translator, views } from '../platform/i18n/translate.ts'
import type { Page } from '../platform/web/page.ts'
import type { Site } from '../site.ts'
import { type CopyNeeds, copyPages, type Fetched } from './copy-pages.ts'

/** The page at the copy's root, which no site answers: it negotiates a language there. */
const ROOT = '/'
const escapeHtml = Handlebars.Utils.escapeExpression

type Words = Pick<CopyNeeds, 'notice' | 'elsewhere' | 'whole'>

/**
 * Writes a static copy of the pages that are read.
 *
 * @param folder absolute; made where it is not there
 * @param onFile called after each file, with how many there are
 * @returns how many files it has
 */
export async function writeCopy(
  site: Site,
  folder: string,
  onFile: (files: number) => void,
): Promise<number> {
  const app = await buildApp(site)
  const say = words(site)
  const needs: CopyNeeds = {
    ...say,
    origin: site.config.publicUrl,
    async fetch(path) {
      if (path === ROOT) return makeRoot(site, say)
      const answer = await app.inject({ url: path, headers: { 'accept-encoding': 'identity' } })
      if (answer.statusCode !== 200) return null
      return { type: String(answer.headers['content-type']), body: answer.rawPayload }
    },
  }
  let files = 0
  try {
    for await (const { name, body } of copyPages(needs, [ROOT, ...(await boards(site))])) {
      const path = join(folder, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, body)
      onFile(++files)
    }
  } finally {
    await app.close()
  }
  return files
}

/** Pages of answers: links to them are passed on, though a petition that shows all of them itself has none. */
async function boards({ petitions, targets }: Site): Promise<string[]> {
  const paths: string[] = []
  for (const petition of await petitions.listed()) {
    const asked = await targets.of(petition)
    if (asked.length > 0) paths.push(...petition.settings.languages.map(answersPath(petition.slug)))
  }
  return paths
}

/** views/copy.hbs : every language by its own name, and where one signs. */
interface RootPage extends Pick<Page, 'language' | 'title' | 'accent' | 'assets'> {
  languages: {
    language: string
    direction: Page['direction']
    name: string
    href: string
    /** As HTML. */
    notice: string
  }[]
}

function makeRoot({ makePage }: Site, { notice }: Words): Fetched {
  const [language] = languages
  const title = translator(language!)('site.name')
  const { accent, assets } = makePage({ language: language!, title, path: () => ROOT })
  const page: RootPage = {
    language: language!,
    title,
    accent,
    assets,
    languages: languages.map((each) => ({
      language: each,
      direction: isRightToLeft(each) ? 'rtl' : 'ltr',
      name: languageNames[each]!,
      href: `/${each}/`,
      notice: notice(each),
    })),
  }
  const render = Handlebars.compile(readFileSync(join(views, 'copy.hbs'), 'utf8'))
  return { type: 'text/html', body: Buffer.from(render(page)) }
}

function words({ config, clock }: Site): Words {
  const made = clock.now()
  const origins = [config.publicUrl, ...config.mirrors]
  const list = origins.map((origin) => `<a href="${escapeHtml(origin)}/">${escapeHtml(origin)}</a>`)
  const onward = (language: string, key: string, href: string) =>
    `<p class="onward"><a href="${escapeHtml(href)}">${escapeHtml(translator(language)(key))}</a></p>`
  return {
    notice(language) {
      const date = formatMoment(made, language, 'Z')
      return `<p class="notice">${escapeHtml(translator(language)('site.copy', { date }))} ${list.join(', ')}</p>`
    },
    elsewhere: (language, href) => onward(language, 'site.atSite', href),
    whole: (language, href) => onward(language, 'answers.more', href),
  }
}
