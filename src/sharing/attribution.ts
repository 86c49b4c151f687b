import { CODE_PATTERN } from './share-code.ts'

export interface Attribution {
  /** Share code that brought the reader; empty when there is none. */
  ref: string
  /** Where the link stood, for example `telegram`; empty when unsaid. */
  source: string
}

/** What an address says of where its reader came from; anything malformed counts as unsaid. */
export function readAttributionQuery(query: unknown): Attribution {
  const { ref, source } = (query ?? {}) as Record<string, unknown>
  const clean = (value: unknown) => {
    const code = withoutTail(value)
    return CODE_PATTERN.test(code) ? code : ''
  }
  return { ref: clean(ref), source: clean(source) }
}

/** `?ref=…&source=…` for links within the site, or nothing. */
export function attributionQuery({ ref, source }: Attribution): string {
  const query = new URLSearchParams()
  if (ref) query.set('ref', ref)
  if (source) query.set('source', source)
  return query.size > 0 ? `?${query}` : ''
}

/** A code without what a chat may have glued to its link: a full stop, a bracket, a quotation mark. */
export function withoutTail(value: unknown): string {
  if (typeof value !== 'string') return ''
  const [code = ''] = /^[A-Za-z0-9_-]*/.exec(value) ?? []
  return /[A-Za-z0-9_-]/.test(value.slice(code.length)) ? value : code
}
