import MarkdownIt from 'markdown-it'
import sanitizeHtml from 'sanitize-html'

/** Without tables, which a phone's column can't hold: they stay as typed. */
const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false }).disable(
  'table',
)

/**
 * No images: browsers would load them from third parties. Headings start at h2, below the page's own, and end
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
  ],
  allowedAttributes: { a: ['href', 'rel'], ol: ['start'] },
  allowedSchemes: ['https', 'http', 'mailto'],
  allowProtocolRelative: false,
  transformTags: {
    h1: 'h2',
    h5: 'h4',
    h6: 'h4',
    a: sanitizeHtml.simpleTransform('a', { rel: 'noopener noreferrer' }),
  },
}

/** Markdown of an untrusted author to safe HTML. */
export function renderMarkdown(text: string): string {
  return sanitizeHtml(markdown.render(text), allowed)
}

/** One line: emphasis and links, no paragraphs. */
export function renderMarkdownLine(text: string): string {
  return sanitizeHtml(markdown.renderInline(text), allowed)
}
