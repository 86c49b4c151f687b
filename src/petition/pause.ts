/** Why signing is paused; the pages have words for each in their languages. */
export const PAUSE_REASONS = ['text', 'flood', 'technical', 'organisers'] as const
export type PauseReason = (typeof PAUSE_REASONS)[number]

/** While a petition has one, no form is taken; mails under way may still be confirmed. */
export interface Pause {
  reason: PauseReason
  /** The organisers' own words by language, in place of those of the reason. */
  words: Record<string, string>
  /** When it began, ISO 8601. */
  since: string
}
