import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml'
import { explainYamlFault } from './explain-yaml-fault.ts'

export interface ReadYaml {
  value: unknown
  /** The file's line of a field, or of what holds it, by its path; null for the whole file. */
  lineOf(path: string[]): number | null
}

/** What makes it no YAML, in words for whoever wrote it. */
export interface YamlFault {
  line: number
  fault: string
}

/** @param firstLine the file's line that the YAML begins in */
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
    // An alias without its anchor, or thousands of them.
    const offset = Math.max(0, text.search(/(?<=[\s[,])\*\S/))
    return { line: lineAt(offset), fault: 'a value that begins with * needs quotes' }
  }
}

/** A thousand as much of Europe writes it, which YAML reads as one: 1.000. */
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
