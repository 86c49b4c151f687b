import MarkdownIt from 'markdown-it'
import type { Block } from '../platform/pdf/blocks.ts'

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false }).disable(
  'table',
)
type Token = ReturnType<typeof markdown.parse>[number]

/** The Markdown of a petition's text for print: emphasis is lost, and a link's address follows its words. */
export function markdownBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let items: string[] | null = null
  let isOrdered = false
  let heading = false
  for (const token of markdown.parse(text, {})) {
    switch (token.type) {
      case 'heading_open':
        heading = true
        break
      case 'heading_close':
        heading = false
        break
      case 'bullet_list_open':
      case 'ordered_list_open':
        if (items) break
        items = []
        isOrdered = token.type === 'ordered_list_open'
        break
      case 'bullet_list_close':
      case 'ordered_list_close':
        if (items && token.level === 0) {
          blocks.push({ kind: 'list', items, isOrdered })
          items = null
        }
        break
      case 'inline': {
        const said = plainOf(token)
        if (items) items.push(said)
        else if (heading) blocks.push({ kind: 'heading', level: 3, text: said })
        else blocks.push({ kind: 'paragraph', text: said })
        break
      }
      case 'fence':
      case 'code_block':
        blocks.push({ kind: 'paragraph', text: token.content, style: 'code' })
    }
  }
  return blocks
}

/** One line of Markdown. */
export function markdownLine(text: string): string {
  const [token] = markdown.parseInline(text, {})
  return token ? plainOf(token) : ''
}

function plainOf({ children }: Token): string {
  const links: { href: string; from: number }[] = []
  let text = ''
  for (const token of children ?? []) {
    switch (token.type) {
      case 'softbreak':
      case 'hardbreak':
        text += ' '
        break
      case 'link_open':
        links.push({ href: String(token.attrGet('href') ?? ''), from: text.length })
        break
      case 'link_close': {
        const { href, from } = links.pop()!
        const address = href.replace(/^mailto:/, '')
        if (address && text.slice(from) !== address) text += ` (${address})`
        break
      }
      default:
        text += token.content
    }
  }
  return text
}
