/** Where a petition is passed on, in the order in which this kind of campaign spreads. */
export const CHANNELS = [
  'whatsapp',
  'telegram',
  'signal',
  'x',
  'facebook',
  'bluesky',
  'mastodon',
  'threads',
  'linkedin',
  'reddit',
  'vk',
  'viber',
  'email',
] as const
export type Channel = (typeof CHANNELS)[number]

/** A text for every channel that has none of its own. */
export const EVERYWHERE = 'message'
export const TEXT_FIELDS = [EVERYWHERE, ...CHANNELS] as const
export type ShareTexts = Partial<Record<(typeof TEXT_FIELDS)[number], string>>
