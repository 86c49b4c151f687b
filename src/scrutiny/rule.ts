import { ExpectedError } from '../platform/expected-error.ts'

/** The traits that a form can be chosen by; src/defence/traits.ts says what their values are. */
export const RULE_TRAITS = [
  'country',
  'language',
  'domain',
  'network',
  'again',
  'name',
  'client',
  'delay',
] as const
export type RuleTrait = (typeof RULE_TRAITS)[number]

/** Chooses forms: those that have one of the values of each trait that is named. */
export interface Rule {
  traits: Partial<Record<RuleTrait, string[]>>
  /** Of the time at which the form came, in ISO 8601; null: without limit. */
  since: string | null
  until: string | null
}

export class RuleError extends ExpectedError {}

/** At the value of `domain` and `network`: of a group that is named by its hash. */
export const isGroup = (value: string): boolean => /^[0-9a-f]{12}$/.test(value)

/**
 * @param where each as `trait=value` or `trait=value,value`
 * @throws RuleError that says what is wrong with them
 */
export function parseRule(
  where: readonly string[],
  { since = null, until = null }: { since?: string | null; until?: string | null } = {},
): Rule {
  if (where.length === 0) {
    throw new RuleError('name at least one trait, as in --where domain=shared: a rule must not fit everybody') // biome-ignore format: one sentence
  }
  const traits: Rule['traits'] = {}
  for (const text of where) {
    const [trait, values = ''] = text.split(/=(.*)/s, 2) as [RuleTrait, string?]
    if (!RULE_TRAITS.includes(trait)) {
      throw new RuleError(`"${trait}" is no trait: there are ${RULE_TRAITS.join(', ')}`)
    }
    const list = values.split(',').map((value) => value.trim())
    if (list.some((value) => value === '')) {
      throw new RuleError(`--where ${text} lacks a value, as in --where ${trait}=…`)
    }
    traits[trait] = [...(traits[trait] ?? []), ...list]
  }
  return { traits, since: parseTime(since, '--since'), until: parseTime(until, '--until') }
}

function parseTime(text: string | null, option: string): string | null {
  if (text === null) return null
  const time = new Date(text)
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime())) {
    throw new RuleError(`${option} takes a time such as 2024-11-11T09:00Z, not "${text}"`)
  }
  return time.toISOString()
}

/** As the command line takes it. */
export function formatRule({ traits, since, until }: Rule): string {
  const named = Object.entries(traits).map(([trait, values]) => `${trait}=${values.join(',')}`)
  if (since) named.push(`since ${since}`)
  if (until) named.push(`until ${until}`)
  return named.join(' ')
}
