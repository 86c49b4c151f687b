import { posix } from 'node:path'
import Handlebars from 'handlebars'

/** What a static copy holds: pages that are read, and what they show. Signing, figures and the feed stay at the site. */
const READ = [
  /^\/\w+\/$/,
  /^\/\w+\/(?:about|imprint)$/,
  /^\/\w+\/p\/[\w-]+$/,
  /^\/\w+\/p\/[\w-]+\/(?:answers|comments|names|partners|privacy|updates|verify)$/,
  /^\/\w+\/p\/[\w-]+\/(?:updates|versions)\/[\w-]+$/,
  /^\/assets\/[\w.-]+$/,
  /^\/pictures\/[\w.-]+$/,
]
const isRead = (path: string) => READ.some((pattern) => pattern.test(path))
const PAGE = /^text\/html/
/** Of our own pages: their attributes stand in double quotes. */
const LINK = /(\s(?:href|src|action|content)=")(\/[^"]*)(")/g
const SET = /(\ssrcset=")([^"]*)(")/g
/** It chooses from what a page shows: without the site there is the whole page alone. */
const CHOOSES = /\smethod="get"/
const STYLE_URL = /(url\(")?(\/assets\/[\w.-]+)/g
const FORM = { begins: '<form ', ends: '</form>' }
/** They ask the site for what is new; a copy stays as it is. */
const SCRIPT = /<script type="module"[^<>]*><\/script>\n?/g
/** Browsers refuse it to a page that is opened as a file; the style sheet names the same fonts. */
const PRELOAD = /<link rel="preload"[^<>]*>\n?/g
const START = /<main\b[^<>]*>/

export interface Fetched {
  type: string
  body: Buffer
}

export interface CopyNeeds {
  /** As the web answers it; null unless with 200. */
  fetch: (path: string) => Promise<Fetched | null>
  /** The site's origin, to which all links lead that the copy can't follow. */
  origin: string
  /** Said at the top of each page, as HTML. */
  notice: (language: string) => string
  /** Said in place of a form, as HTML. @param href not escaped */
  elsewhere: (language: string, href: string) => string
  /** Said in place of a form that chooses from a list, as HTML: leads to the whole list. @param href not escaped */
  whole: (language: string, href: string) => string
}

/** A file of the copy: its path with forward slashes, and what is in it. */
export interface CopiedFile {
  name: string
  body: Buffer | string
}

/**
 * Follows the links of the site's reading pages from the given ones on. In the copy all links are relative, so that it
 * can lie in any folder of any web server, or on a stick.
 *
 * @param from paths of pages
 */
export async function* copyPages(needs: CopyNeeds, from: string[]): AsyncGenerator<CopiedFile> {
  const seen = new Set(from)
  const waiting = [...from]
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const fetched = await needs.fetch(path)
    if (!fetched) continue
    const isPage = PAGE.test(fetched.type)
    const name = nameOf(path, isPage)
    const follow = (to: string) => {
      if (!seen.has(to)) waiting.push(to)
      seen.add(to)
    }
    if (isPage) yield { name, body: rewritePage(needs, path, fetched.body.toString(), follow) }
    else if (path.endsWith('.css'))
      yield { name, body: rewriteStyles(path, fetched.body.toString(), follow) }
    else yield { name, body: fetched.body }
  }
}

/** `/en/p/slug` lies in `en/p/slug/index.html`, so that its address stays the same on most web servers. */
const nameOf = (path: string, isPage: boolean) =>
  isPage ? posix.join(path.slice(1), 'index.html') : path.slice(1)

function rewritePage(
  needs: CopyNeeds,
  path: string,
  html: string,
  follow: (path: string) => void,
): string {
  /** Empty at the root, which is of all languages, and says itself where one signs. */
  const language = path.split('/')[1]!
  const link = (to: string): string => {
    const [bare = '', hash] = unescapeHtml(to).split('#')
    if (!isRead(bare)) return `${needs.origin}${to}`
    follow(bare)
    const isFile = /\.\w+$/.test(bare)
    const relative = posix.relative(path, bare)
    const target = isFile ? relative : posix.join(relative, 'index.html')
    return hash === undefined ? target : `${target}#${Handlebars.Utils.escapeExpression(hash)}`
  }
  const elsewhere = (form: string) => {
    const [, escaped = path] = /\saction="([^"]*)"/.exec(form) ?? []
    const action = unescapeHtml(escaped)
    if (!CHOOSES.test(form) || !isRead(action))
      return needs.elsewhere(language, `${needs.origin}${action.replace(/\/signatures$/, '')}`)
    const isAtHand = action === path || html.includes(` href="${escaped}"`)
    return isAtHand ? '' : needs.whole(language, action)
  }
  return replaceForms(html.replace(SCRIPT, '').replace(PRELOAD, ''), elsewhere)
    .replace(LINK, (_whole, before, to, after) => `${before}${link(to)}${after}`)
    .replace(SET, (_whole, before, set, after) => {
      const each = (set as string).replace(/(^|,\s*)(\/\S+)/g, (_all, gap, to) => gap + link(to))
      return `${before}${each}${after}`
    })
    .replace(START, (main) => (language ? `${main}\n${needs.notice(language)}` : main))
}

/** What Handlebars escapes in an attribute, in one pass: what was escaped twice on purpose stays escaped once. */
const ESCAPED = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#x27;', "'"],
  ['&#x60;', '`'],
  ['&#x3D;', '='],
])
const unescapeHtml = (text: string) =>
  text.replace(/&(?:amp|lt|gt|quot|#x27|#x60|#x3D);/g, (each) => ESCAPED.get(each)!)

function replaceForms(html: string, elsewhere: (form: string) => string): string {
  const [before = '', ...forms] = html.split(FORM.begins)
  const after = forms.map((form) => {
    const [own = '', ...rest] = form.split(FORM.ends)
    return `${elsewhere(` ${own}`)}${rest.join(FORM.ends)}`
  })
  return [before, ...after].join('')
}

function rewriteStyles(path: string, css: string, follow: (path: string) => void): string {
  return css.replace(STYLE_URL, (_whole, before = '', to) => {
    follow(to)
    return `${before}${posix.relative(posix.dirname(path), to)}`
  })
}
