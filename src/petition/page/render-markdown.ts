import MarkdownIt from 'markdown-it'
import sanitizeHtml from 'sanitize-html'

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false })

/** No images: they would be asked from elsewhere. Headings start at h2, below the page's own. */
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
    'a',
    'hr',
  ],
  allowedAttributes: { a: ['href', 'rel'], ol: ['start'] },
  allowedSchemes: ['https', 'http', 'mailto'],
  transformTags: {
    h1: 'h2',
    a: sanitizeHtml.simpleTransform('a', { rel: 'noopener noreferrer' }),
  },
}

/** Markdown to HTML that is safe to show, whoever wrote it. */
export function renderMarkdown(text: string): string {
  return sanitizeHtml(markdown.render(text), allowed)
}

/** One line: emphasis and links, no paragraphs. */
export function renderMarkdownLine(text: string): string {
  return sanitizeHtml(markdown.renderInline(text), allowed)
}
