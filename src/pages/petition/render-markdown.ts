import MarkdownIt from 'markdown-it'
import sanitizeHtml from 'sanitize-html'
import type { Picture } from '../../picture/picture.ts'
import { viewPicture } from './view-picture.ts'

/** Without tables, which a phone's column can't hold: they stay as typed. */
const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false }).disable(
  'table',
)
const { escapeHtml } = markdown.utils

/** A picture of the folder; of any other nothing is left, since browsers would load it from third parties. */
markdown.renderer.rules.image = (tokens, index, _options, env) => {
  const { content, attrGet } = bindToken(tokens[index]!)
  const picture = (env as { pictures?: Pictures } | undefined)?.pictures?.get(
    decode(attrGet('src')),
  )
  if (!picture) return ''
  const { sources, src, width, height } = viewPicture(picture, { alt: content, lazy: true })
  const all = sources.map(
    ({ type, media, srcset, sizes }) =>
      `<source type="${type}"${media ? ` media="${media}"` : ''} srcset="${srcset}" sizes="${sizes}" />`,
  )
  return `<picture>${all.join('')}<img src="${src}" alt="${escapeHtml(content)}" width="${width}" height="${height}" loading="lazy" decoding="async" /></picture>`
}

/** Markdown-it gives addresses percent-encoded. */
function decode(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}

const bindToken = (token: { content: string; attrGet(name: string): unknown }) => ({
  content: token.content,
  attrGet: (name: string) => `${token.attrGet(name) ?? ''}`,
})

export type Pictures = ReadonlyMap<string, Picture>

/**
 * Pictures only as the rule above writes them: from this site. Headings start at h2, below the page's own, and end
 * at h4. Links to other sites begin with their scheme.
 */
const allowed: sanitizeHtml.IOptions = {
  allowedTags: [
    'p',
    'br',
    'h2',
    'h3',
    'h4',
    'ul',
    'ol',
    'li',
    'blockquote',
    'em',
    'strong',
    's',
    'code',
    'pre',
    'a',
    'hr',
    'picture',
    'source',
    'img',
  ],
  allowedAttributes: {
    a: ['href', 'rel'],
    ol: ['start'],
    source: ['type', 'media', 'srcset', 'sizes'],
    img: ['src', 'alt', 'width', 'height', 'loading', 'decoding'],
  },
  allowedSchemes: ['https', 'http', 'mailto'],
  // No scheme at all: only paths of this site.
  allowedSchemesByTag: { img: [], source: [] },
  allowProtocolRelative: false,
  transformTags: {
    h1: 'h2',
    h5: 'h4',
    h6: 'h4',
    a: sanitizeHtml.simpleTransform('a', { rel: 'noopener noreferrer' }),
  },
}

/** Markdown of an untrusted author to safe HTML. */
export function renderMarkdown(text: string, pictures: Pictures = new Map()): string {
  return sanitizeHtml(markdown.render(text, { pictures }), allowed)
}

/** One line: emphasis and links, no paragraphs and no pictures. */
export function renderMarkdownLine(text: string): string {
  return sanitizeHtml(markdown.renderInline(text, {}), allowed)
}
