import { DAY } from '../../platform/clock.ts'

export const WEEK_MS = 7 * DAY

/** Mails of one broadcast. */
export const PER_MINUTE = { least: 1, default: 600, most: 6000 }
