import { diffLines, diffWordsWithSpace } from 'diff'
import type { PetitionSettings } from '../petition/files/petition-files.ts'
import type { PetitionContent } from '../petition/files/petition-text.ts'
import { writeMoment } from '../petition/files/read-moment.ts'
import { recipientsOf } from '../petition/petition.ts'
import { byName } from '../platform/by-name.ts'
import { escapeUnsafe } from '../platform/terminal/escape-unsafe.ts'
import { tellTargets } from './folder-targets.ts'
import type { Changes } from './survey-changes.ts'
import { tellTexts } from './tell-texts.ts'
import type { Terms } from './terms.ts'

/** Unchanged lines shown around changed ones. */
const CONTEXT_LINES = 1

/**
 * The changes, a line each: settings from old to new, and each changed text as a diff. Empty for files that
 * change nothing.
 */
export function tellChanges({ before, after, texts, contents, targets }: Changes): string[] {
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
  if (targets) lines.push(...tellTargets(targets))
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
    milestones: String(settings.milestones ?? false),
    figures: settings.figures ?? 'guarded',
    names: settings.names ?? 'shown',
    image: settings.image ? describeImage(settings.image) : 'none',
    embed: list(settings.embed ?? []),
    postcode: settings.postcode ? tellTexts(settings.postcode) : 'not asked for',
    share: describeShare(settings.share ?? {}),
    partners: settings.partners ?? 'hidden',
    accent: settings.accent,
  }
}

const describeShare = (share: NonNullable<PetitionSettings['share']>) =>
  byName(share)
    .flatMap(([language, texts]) =>
      byName(texts).map(([channel, text]) => `${language} ${channel} "${text}"`),
    )
    .join(', ') || 'usual words'

function describeImage({
  file,
  source,
  card,
  alt,
}: NonNullable<PetitionSettings['image']>): string {
  const digests = [source, ...(card ? [card] : [])].map((digest) => digest.slice(0, 8))
  return `${file} (${digests.join(', ')}): ${tellTexts(alt)}`
}

/**
 * Unchanged lines around changed ones; in a changed line its words, as in `The [-old-] {+new+} river`. A line with hardly a
 * word in common with the one before is told as two.
 */
function diffText(before: PetitionContent, after: PetitionContent): string[] {
  const parts = diffLines(writeText(before), writeText(after))
  return parts.flatMap(({ added, removed, value }, index) => {
    const lines = toLines(value)
    const next = parts[index + 1]
    if (removed && next?.added) return diffPairs(lines, toLines(next.value))
    if (added && parts[index - 1]?.removed) return []
    if (added || removed) return lines.map((line) => `  ${added ? '+' : '-'} ${line}`)
    const first = index === 0 ? [] : lines.slice(0, CONTEXT_LINES)
    const last = index === parts.length - 1 ? [] : lines.slice(first.length).slice(-CONTEXT_LINES)
    const skipped = first.length + last.length < lines.length ? ['    …'] : []
    const shown = (line: string) => `    ${line}`
    return [...first.map(shown), ...skipped, ...last.map(shown)]
  })
}

const toLines = (text: string) => text.split('\n').slice(0, -1)

function diffPairs(before: string[], after: string[]): string[] {
  const pairs = Array.from({ length: Math.max(before.length, after.length) }, (_, at) => at)
  return pairs.flatMap((at) => {
    const [old, now] = [before[at], after[at]]
    const words = old === undefined || now === undefined ? null : diffLine(old, now)
    if (words !== null) return [`  ~ ${words}`]
    return [
      ...(old === undefined ? [] : [`  - ${old}`]),
      ...(now === undefined ? [] : [`  + ${now}`]),
    ]
  })
}

/** Null where less than half of the longer line is in both. */
function diffLine(before: string, after: string): string | null {
  const parts = diffWordsWithSpace(before, after)
  const kept = parts.filter(({ added, removed }) => !added && !removed)
  const length = kept.reduce((sum, { value }) => sum + value.length, 0)
  if (length < Math.max(before.length, after.length) / 2) return null
  return parts
    .map(({ added, removed, value }) => (removed ? `[-${value}-]` : added ? `{+${value}+}` : value))
    .join('')
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
  'pictures',
] as const

function writeField(name: string, value: unknown): string[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) {
    return value.flatMap((inner, index) => writeField(`${name} ${index + 1}`, inner))
  }
  if (typeof value !== 'object') return [`${name}: ${value}`]
  return byName(value as Record<string, unknown>).flatMap(([key, inner]) =>
    writeField(`${name} ${key}`, inner),
  )
}
