const FIELD = /^[^\s#-]/
const GLUED = /^\s*-(?![\s-])/

export const GLUED_ITEM =
  'a space belongs behind the hyphen that begins an item, as in "- id: river"'

/**
 * YAML reads `-id` as a name and `-100` as a number, goes on, and stumbles elsewhere in the field, or not at all.
 *
 * @param line counted from 1, in which something is wrong
 * @returns the line of the first such item of the field around it; null if it has none
 */
export function findGluedItem(text: string, line: number): number | null {
  const lines = text.split('\n')
  const from = lines.findLastIndex((each, at) => at < line && FIELD.test(each))
  // What stands in quotes or behind | and > is text, hyphens and all.
  if (/^\S+:\s*["'|>]/.test(lines[from] ?? '')) return null
  const length = lines.slice(from + 1).findIndex((each) => FIELD.test(each))
  const field = lines.slice(from + 1, length < 0 ? undefined : from + 1 + length)
  const at = field.findIndex((each) => GLUED.test(each))
  return at < 0 ? null : from + at + 2
}
