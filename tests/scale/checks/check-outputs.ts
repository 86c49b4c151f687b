import { type Report, tellFirst } from '../report.ts'
import type { Site } from '../site/open-site.ts'

/** pino's level. */
const WARN = 40

/** What the nodes warned of, and whatever they called an error. */
export function checkOutputs(site: Site, report: Report): void {
  const errors = tellWarnings(site, report)
  report.check(
    'no node logged an error',
    errors.length === 0,
    `${errors.length}${tellFirst(errors)}`,
  )
}

/** @returns the lines of errors */
export function tellWarnings({ webs, workers }: Site, report: Report): { line: string }[] {
  const told = new Map<string, number>()
  const errors: { line: string }[] = []
  for (const { name, part } of [...webs, ...workers]) {
    for (const line of part.output().split('\n')) {
      const level = Number(/^{"level":(\d+)/.exec(line)?.[1] ?? 0)
      if (level < WARN) continue
      const text = `${name}: ${/"msg":"([^"]*)/.exec(line)?.[1]}`
      told.set(text, (told.get(text) ?? 0) + 1)
      if (level > WARN) errors.push({ line: `${name}: ${line.slice(0, 300)}` })
    }
  }
  for (const [text, times] of told) report.tell(`${text} (${times})`)
  return errors
}
