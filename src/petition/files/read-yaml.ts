import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
} from 'yaml'
import { findGluedItem, GLUED_ITEM } from './glued-item.ts'

export interface ReadYaml {
  value: unknown
  /** The file's line of a field, or of the field around it, by its path; null for the whole file. */
  lineOf(path: string[]): number | null
}

/** The fault that makes the text no YAML, in words for its author. */
interface YamlFault {
  line: number
  fault: string
}

/** @param firstLine the file's line in which the YAML begins */
export function readYaml(text: string, firstLine = 1): ReadYaml | YamlFault {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  })
  const lineAt = (offset: number) => lines.linePos(offset).line + firstLine - 1
  const [error = document.warnings[0]] = document.errors
  if (error) {
    const { offset, fault } = explainYamlFault(document, error, text)
    const glued = findGluedItem(text, lines.linePos(offset).line)
    if (glued !== null) return { line: glued + firstLine - 1, fault: GLUED_ITEM }
    return { line: lineAt(offset), fault }
  }
  const grouped = findGrouped(document)
  if (grouped) {
    const { source, range } = grouped
    const digits = source!.replaceAll('.', '')
    const fault = `${source} is the number ${grouped.value} here: write ${digits}, without points`
    return { line: lineAt(range![0]), fault }
  }
  try {
    const value = document.toJS()
    return { value, lineOf: (path) => findLine(document.contents, path, lineAt) }
  } catch {
    // An alias without its anchor, or with thousands of expansions.
    const offset = Math.max(0, text.search(/(?<=[\s[,])\*\S/))
    return { line: lineAt(offset), fault: 'a value that begins with * needs quotes' }
  }
}

/** A thousand with a point, as much of Europe writes it: YAML reads 1.000 as one. */
function findGrouped(document: Document): Scalar | null {
  let found: Scalar | null = null
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== 'number' || !/^[+-]?\d{1,3}(\.\d{3})+$/.test(node.source ?? ''))
        return
      found = node
      return visit.BREAK
    },
  })
  return found
}

function findLine(
  from: Node | null,
  path: string[],
  lineAt: (offset: number) => number,
): number | null {
  let node: unknown = from
  let line: number | null = null
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part)
      if (!pair) break
      line = lineAt((pair.key as Node).range![0])
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(part)]
      const start = (node as Node | undefined)?.range?.[0]
      if (start !== undefined) line = lineAt(start)
    } else break
  }
  return line
}

/** Characters with a meaning of their own at the beginning of a YAML value. */
const MEANT_OTHERWISE = /^\s*(?:- +)*(?:[\w-]+:\s+)?([*&!%@`|>])/

/**
 * Words a parser's error for somebody who fills in fields, and finds the mistake: the parser itself names
 * the spot where it could not go on, often lines below.
 *
 * @returns offset in the text
 */
function explainYamlFault(
  document: Document,
  { code, message, pos: [offset] }: YAMLError,
  text: string,
): { offset: number; fault: string } {
  const line = lineAround(text, offset)
  const here = (fault: string) => ({ offset, fault })
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return /sequence/.test(message) ? misplaced(text, offset) : explainColon(text, offset)
    case 'MISSING_CHAR':
      if (/Sequence item/.test(message)) return misplaced(text, offset)
      return /quote/.test(message)
        ? { offset: openQuote(document, offset), fault: 'the quote that begins here is not closed' }
        : here('this is no field: a colon and its value belong after its name, as in title: "…"')
    case 'MULTILINE_IMPLICIT_KEY':
      return here(
        /^[\w-]+:\S/.test(line.trim())
          ? 'a space belongs between the colon and the value'
          : 'this is no field: it lacks a colon after its name, or belongs to the value above, whose text then needs quotes around all of it',
      )
    case 'UNEXPECTED_TOKEN':
    case 'BAD_SCALAR_START':
    case 'BAD_ALIAS':
    case 'TAG_RESOLVE_FAILED': {
      const sign = MEANT_OTHERWISE.exec(line)?.[1]
      if (sign) return here(`a value that begins with ${sign} needs quotes`)
      if (lineStart(text, offset) === offset) return misplaced(text, offset)
      if (/block-seq-ind/.test(message)) {
        return here('a list begins in the line below the name of its field')
      }
      return here(
        'the value goes on behind its closing quote: write quotes within a text as “ ”, or as \\" where the whole stands in "…"',
      )
    }
    case 'TAB_AS_INDENT':
      return here('the line is indented with a tab: use spaces')
    case 'DUPLICATE_KEY':
      return here(`the field ${/^[^\s:]*/.exec(text.slice(offset))![0]} stands here a second time`)
    case 'BAD_INDENT':
      return /^Flow/.test(message)
        ? {
            offset: openBracket(document, offset),
            fault: 'the bracket that opens here is not closed',
          }
        : misplaced(text, offset)
    case 'MULTIPLE_DOCS':
      return here('a line of --- stands here, where fields go on')
    case 'BAD_DQ_ESCAPE':
      return here('a backslash in a value in "…" is written twice, as \\\\')
    default:
      return here('this can’t be read: look for a missing quote, bracket, or space after a colon')
  }
}

/** Skips blank lines and notes above the line that is wrong. */
function misplaced(text: string, offset: number) {
  const start = lineStart(text, offset)
  const [skipped] = /^(?:[ \t]*(?:#.*)?\n)*/.exec(text.slice(start))!
  return {
    offset: start + skipped.length,
    fault: 'the line is not indented as those it belongs to',
  }
}

/** A second colon in the line, or a field below that is indented further than it may be. */
function explainColon(text: string, offset: number) {
  const end = text.indexOf('\n', offset)
  const next = end < 0 ? '' : text.slice(end + 1)
  return !/:\s/.test(text.slice(offset, end < 0 ? undefined : end)) && /^\s+\S+:\s/.test(next)
    ? { offset: end + 1, fault: 'the field is indented further than those around it' }
    : { offset, fault: 'a value that holds a colon needs quotes, as in title: "Rivers: ours"' }
}

function lineAround(text: string, offset: number): string {
  const start = lineStart(text, offset)
  const end = text.indexOf('\n', start)
  return text.slice(start, end < 0 ? undefined : end)
}

const lineStart = (text: string, offset: number) =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1

function openQuote(document: Document, before: number): number {
  return lastStart(document, before, (node) => isScalar(node) && /^QUOTE/.test(node.type ?? ''))
}

function openBracket(document: Document, before: number): number {
  return lastStart(document, before, (node) => isCollection(node) && node.flow === true)
}

/** Where the last such thing begins before the offset. */
function lastStart(document: Document, before: number, is: (node: unknown) => boolean): number {
  let found = before
  let start = -1
  visit(document, {
    Node(_key, node) {
      const at = node.range?.[0] ?? -1
      if (at > start && at < before && is(node)) {
        start = at
        found = at
      }
    },
  })
  return found
}
