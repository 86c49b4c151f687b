import { readFileSync } from 'node:fs'

export const GUIDE = 'docs/campaigner-guide.md'

/** What a reader of the guide does, one after the other. */
export type Step =
  | { kind: 'file'; path: string; content: string }
  | { kind: 'command'; line: string }
  | { kind: 'picture'; file: string }
  /** Something that happens meanwhile: `<!-- then: … -->`. */
  | { kind: 'event'; what: string }

const STEP =
  /<!-- file: (?<path>\S+) -->\n```\w+\n(?<content>[\s\S]*?)```|```sh\n(?<commands>[\s\S]*?)```|!\[[^\]]*\]\((?<picture>[^)]+)\)|<!-- then: (?<event>[^>]*?) -->/g

/** @throws when a fenced block is neither a file nor commands */
export function readGuide(text = readFileSync(GUIDE, 'utf8')): Step[] {
  const steps = [...text.matchAll(STEP)].flatMap(({ groups = {} }): Step[] => {
    const { path, content, commands, picture, event } = groups
    if (path !== undefined) return [{ kind: 'file', path, content: content! }]
    if (picture !== undefined) return [{ kind: 'picture', file: picture }]
    if (event !== undefined) return [{ kind: 'event', what: event }]
    const lines = commands!.split('\n').filter((line) => line !== '')
    return lines.map((line) => ({ kind: 'command', line }))
  })
  const fences = text.match(/^```/gm)?.length ?? 0
  const told = text.match(/^```sh$|^<!-- file:/gm)?.length ?? 0
  if (fences !== told * 2) throw new Error(`${GUIDE} has a block that is neither file nor commands`)
  return steps
}
