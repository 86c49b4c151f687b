/**
 * Why a name or comment waits to be read: the petition shows none unread; it holds a link, or an address or number
 * that reaches somebody; it holds a word of a list; it takes the place of one that was hidden; it was reported.
 */
export const WAITS = ['review', 'link', 'address', 'word', 'changed', 'report'] as const
export type Waits = (typeof WAITS)[number]

/** What reports and decisions to hide say: an insult or a threat; not that person's name; somebody's data; advertising. */
export const REASONS = ['insult', 'false', 'private', 'advertising', 'other'] as const
export type Reason = (typeof REASONS)[number]

export const isReason = (text: string): text is Reason =>
  (REASONS as readonly string[]).includes(text)
