/** What a document is made of, from top to bottom. Texts are plain: no markup in them. */
export type Block =
  /** `size` in points, where it is to be read from afar. */
  | { kind: 'heading'; level: 1 | 2 | 3; text: string; size?: number }
  | { kind: 'paragraph'; text: string; style?: ParagraphStyle }
  | { kind: 'list'; items: readonly string[]; isOrdered?: boolean }
  | { kind: 'table'; columns: readonly string[]; rows: readonly (readonly string[])[] }
  | QrBlock
  | StripsBlock
  /** To sign on: as many lines as the page has room for, and a page of its own where that is too few. */
  | { kind: 'blank-lines'; columns: readonly BlankColumn[] }

export type ParagraphStyle = 'plain' | 'lead' | 'small' | 'code'

/** A square to point a phone at, with words beside it. */
export interface QrBlock {
  kind: 'qr'
  /** What the square says: an address. */
  value: string
  alt: string
  /** Beside it. */
  texts: readonly string[]
  /** Its width; absent in a letter, whose words count more. With it the words stand below, centred. */
  points?: number
}

/** At the page's foot, to be torn off one by one: each has the square and the words, turned upright. */
export interface StripsBlock {
  kind: 'strips'
  value: string
  /** What it is about, and the address. */
  texts: readonly [string, string]
}

/** Of a table to be filled in by hand. */
export interface BlankColumn {
  heading: string
  /** Of the table's width. */
  share: number
}

/** A part in one language, on pages of its own. */
export interface Section {
  /** BCP 47. */
  language: string
  blocks: readonly Block[]
  /** At the foot of each page. */
  footer: (page: number, pages: number) => string
}

export function textsOf(sections: readonly Section[]): string {
  const ofBlock = (block: Block): readonly string[] => {
    switch (block.kind) {
      case 'list':
        return block.items
      case 'table':
        return [...block.columns, ...block.rows.flat()]
      case 'qr':
      case 'strips':
        return block.texts
      case 'blank-lines':
        return block.columns.map(({ heading }) => heading)
      default:
        return [block.text]
    }
  }
  const footers = sections.map(({ footer }) => footer(0, 0))
  return [...sections.flatMap(({ blocks }) => blocks.flatMap(ofBlock)), ...footers].join(' ')
}
