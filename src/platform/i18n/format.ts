import { bindWords } from './bind-words.ts'
import { isRightToLeft } from './direction.ts'
import { fitDigits } from './fit-value.ts'
import { translator } from './translate.ts'
import { nameOf, wallClock, type Zone } from './zone.ts'

/** "12 345" as the language writes it. */
export function formatNumber(value: number, language: string): string {
  return keep(`number ${language}`, () => new Intl.NumberFormat(language)).format(value)
}

/** 791 bytes are "1 kB", 1,234,567 "1.2 MB": rounded up, in the largest unit that they fill. */
export function formatBytes(bytes: number, language: string): string {
  const step = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 1), UNITS.length)
  const value = bytes / 1000 ** step
  const digits = value < 10 && step > 1 ? 1 : 0
  const rounded = Math.ceil(value * 10 ** digits) / 10 ** digits
  const unit = UNITS[step - 1]
  const unitDisplay = isRightToLeft(language) ? 'long' : 'short'
  const style = { style: 'unit', unit, unitDisplay } as const
  const formatter = keep(`${unit} ${language}`, () => new Intl.NumberFormat(language, style))
  return bindWords(formatter.format(rounded), language)
}

/** Each is a thousand of the one before. */
const UNITS = ['kilobyte', 'megabyte', 'gigabyte'] as const

/** A day in words. In UTC unless a zone is named, so that the page is the same for everyone. */
export function formatDate(date: Date, language: string, zone: Zone = 'Z'): string {
  const style = { dateStyle: 'long', timeZone: 'UTC' } as const
  const formatter = keep(`date ${language}`, () => new Intl.DateTimeFormat(dated(language), style))
  return fit(formatter.format(wallClock(date, zone)), language)
}

/** Day, time and zone in words, as the clock shows them in that zone. */
export function formatMoment(date: Date, language: string, zone: Zone): string {
  return translator(language)('petition.moment', {
    date: formatDate(date, language, zone),
    time: fitDigits(wallClock(date, zone).toISOString().slice(11, 16), language),
    zone: nameOf(zone, date),
  })
}

/** The month of `2024-02`, the day of `2024-02-11`, or the year, in words. */
export function formatPartialDate(date: string, language: string): string {
  const [year, month, day] = date.split('-')
  const options: Intl.DateTimeFormatOptions = { year: 'numeric', timeZone: 'UTC' }
  if (month) options.month = 'long'
  if (day) options.day = 'numeric'
  // A month or a year of another calendar is not the same time.
  else options.calendar = 'gregory'
  const formatter = keep(
    `${Object.keys(options)} ${language}`,
    () => new Intl.DateTimeFormat(dated(language), options),
  )
  const moment = new Date(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)))
  return fit(formatter.format(moment), language)
}

/** The data of French has no “1er”, the one ordinal of its dates. */
function fit(date: string, language: string): string {
  return bindWords(language === 'fr' ? date.replace(/^1 /, '1er ') : date, language)
}

/** `en_GB`: the language with its likeliest region, in Open Graph's form. */
export function localeOf(language: string): string {
  const likely = new Intl.Locale(dated(language)).maximize()
  return `${likely.language}_${likely.region}`
}

/** The English of the pages is written in Europe: the day comes before the month. */
const dated = (language: string) => (language === 'en' ? 'en-GB' : language)

const formatters = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

/** Making a formatter takes a hundred times as long as using it. */
function keep<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  const formatter = (formatters.get(key) as T | undefined) ?? make()
  formatters.set(key, formatter)
  return formatter
}
