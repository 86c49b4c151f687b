import { answersPath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import { countryName } from '../../platform/i18n/countries.ts'
import { translator } from '../../platform/i18n/translate.ts'
import { STANCES } from '../../target/facts.ts'
import { stateOf, type Target } from '../../target/target-state.ts'
import { type TargetView, viewTarget } from './view-target.ts'

/** On the petition's own page; the others are a link away. */
const BRIEF = 6

/** In the order of the board: who has answered comes first. */
const KINDS = [...STANCES, 'silent', 'asked', 'unasked'] as const
export type Kind = (typeof KINDS)[number]

/** Those whom a petition asks. */
export interface Board {
  /** Of all countries, by what became of them; those that are none are left out. */
  sums: { kind: Kind; label: string; count: number }[]
  /** Those who were asked: answers first, the newest first. */
  asked: TargetView[]
  /** In the order of their countries' names. */
  unasked: { heading: string; open: boolean; targets: TargetView[] } | null
  filter: { action: string; countries: { code: string; name: string; selected: boolean }[] } | null
  /** The page with all; null on it, and where the board shows all. */
  all: string | null
}

interface Shown {
  language: string
  now: Date
  /** As a part of the petition's page. */
  brief: boolean
  /** Only its targets. */
  country?: string
}

/** Null where the petition lists nobody. */
export function viewBoard(
  petition: Petition,
  targets: Target[],
  { language, now, brief, country }: Shown,
): Board | null {
  if (targets.length === 0) return null
  const t = translator(language)
  const inOneCountry = new Set(targets.map((target) => target.country)).size === 1
  const all = targets.map((target) => {
    const state = stateOf(target, now)
    const kind: Kind = state.is === 'answered' ? state.stance : state.is
    const day = state.is === 'answered' ? state.entry.happened_on : 'on' in state ? state.on : ''
    return {
      target,
      kind,
      day,
      view: () => viewTarget(petition, target, { language, inOneCountry, kind, state }),
    }
  })
  const wanted = country ? all.filter(({ target }) => target.country === country) : all
  const asked = wanted
    .filter(({ kind }) => kind !== 'unasked')
    .sort((a, b) => rank(a.kind) - rank(b.kind) || b.day.localeCompare(a.day))
  const collator = new Intl.Collator(language)
  const unasked = wanted
    .filter(({ kind }) => kind === 'unasked')
    .map(({ target, view }) => ({ ...view(), country: countryName(target.country, language) }))
    .sort(
      (a, b) => collator.compare(a.country, b.country) || collator.compare(a.heading, b.heading),
    )
  const path = answersPath(petition.slug)(language)
  return {
    sums: KINDS.map((kind) => ({
      kind,
      label: t(`answers.${kind}`),
      count: all.filter((each) => each.kind === kind).length,
    })).filter(({ count }) => count > 0),
    asked: (brief ? asked.slice(0, BRIEF) : asked).map(({ view }) => view()),
    unasked:
      unasked.length > 0 ? { heading: t('answers.unasked'), open: !brief, targets: unasked } : null,
    filter: viewFilter(targets, { path, language, country }),
    all: brief && asked.length > BRIEF ? path : null,
  }
}

/** All answers are of one kind here: what matters is which is newest. */
const rank = (kind: Kind) => (kind === 'silent' ? 1 : kind === 'asked' ? 2 : 0)

function viewFilter(
  targets: Target[],
  { path, language, country }: { path: string; language: string; country: string | undefined },
): Board['filter'] {
  const codes = [...new Set(targets.map((target) => target.country))]
  if (codes.length < 2) return null
  const collator = new Intl.Collator(language)
  const countries = codes
    .map((code) => ({ code, name: countryName(code, language), selected: code === country }))
    .sort((a, b) => collator.compare(a.name, b.name))
  return { action: path, countries }
}
