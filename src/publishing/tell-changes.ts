import { diffLines } from 'diff'
import type { PetitionContent } from '../petition/files/petition-text.ts'
import { writeMoment } from '../petition/files/read-moment.ts'
import { recipientsOf } from '../petition/petition.ts'
import { escapeUnsafe } from '../platform/terminal/escape-unsafe.ts'
import type { Changes, Terms } from './survey-changes.ts'

/** Unchanged lines shown around changed ones. */
const CONTEXT_LINES = 1

/**
 * The changes, a line each: settings from old to new, and each changed text as a diff. Empty for files that
 * change nothing.
 */
export function tellChanges({ before, after, texts, contents }: Changes): string[] {
  const lines: string[] = []
  const old = before && describe(before)
  for (const [name, value] of Object.entries(describe(after))) {
    if (!old) lines.push(`${name}: ${value}`)
    else if (old[name] !== value) lines.push(`${name}: ${old[name]} -> ${value}`)
  }
  for (const { language, version, before: text } of texts) {
    const content = contents[language]!
    if (text) lines.push(`${language}: version ${version} of the text`, ...diffText(text, content))
    else lines.push(`${language}: a new text, "${content.slogan}"`)
  }
  return lines.map(escapeUnsafe)
}

/** Settings by their names in petition.yaml. */
function describe({ settings, opens, closes }: Terms): Record<string, string> {
  const list = (values: string[]) => values.join(', ') || 'none'
  const withUrl = ({ id, url }: { id: string; url: string | null }) => (url ? `${id} ${url}` : id)
  return {
    languages: list(settings.languages),
    opens: writeMoment(opens),
    closes: closes ? writeMoment(closes) : 'never',
    zone: settings.zone ?? 'none',
    contact: settings.contact ?? 'none',
    recipients: settings.demoKey ? "the demonstration's" : list(recipientsOf({ settings })),
    organisers: list(settings.organisers.map(withUrl)),
    sources: list(settings.sources.map(({ id, url, date }) => `${id} ${url} ${date}`)),
    goal: list(settings.goals.map(String)),
    updates: String(settings.updates ?? true),
    figures: settings.figures ?? 'guarded',
    names: settings.names ?? 'shown',
    accent: settings.accent,
  }
}

function diffText(before: PetitionContent, after: PetitionContent): string[] {
  const parts = diffLines(writeText(before), writeText(after))
  return parts.flatMap(({ added, removed, value }, index) => {
    const lines = value.split('\n').slice(0, -1)
    if (added || removed) return lines.map((line) => `  ${added ? '+' : '-'} ${line}`)
    const first = index === 0 ? [] : lines.slice(0, CONTEXT_LINES)
    const last = index === parts.length - 1 ? [] : lines.slice(first.length).slice(-CONTEXT_LINES)
    const skipped = first.length + last.length < lines.length ? ['    …'] : []
    const shown = (line: string) => `    ${line}`
    return [...first.map(shown), ...skipped, ...last.map(shown)]
  })
}

/** A line for each field, and in the body for each sentence, so that a diff shows no whole paragraphs. */
function writeText(content: PetitionContent): string {
  const lines = FIELDS.flatMap((name) => writeField(name, content[name]))
  const sentences = content.body.split('\n').flatMap((line) => line.split(/(?<=[.!?…]) +/u))
  return [...lines, ...sentences.filter((line) => line !== '')].map((line) => `${line}\n`).join('')
}

const FIELDS = [
  'title',
  'slogan',
  'summary',
  'notice',
  'who',
  'whom',
  'what',
  'demands',
  'facts',
  'organisers',
  'sources',
] as const

function writeField(name: string, value: unknown): string[] {
  if (value === null) return []
  if (Array.isArray(value)) {
    return value.flatMap((inner, index) => writeField(`${name} ${index + 1}`, inner))
  }
  if (typeof value !== 'object') return [`${name}: ${value}`]
  // JSONB has its own order of keys.
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, inner]) => writeField(`${name} ${key}`, inner))
}
