import { DAY, HOUR, MINUTE, SECOND } from '../../../src/platform/clock.ts'
import { createRandom, type Random } from '../../fuzz/random.ts'

/** Somebody, or something, that sends one form and maybe confirms it. */
export interface Signer {
  isBot: boolean
  /** Milliseconds after the beginning. */
  at: number
  /** Between the mail and the press; null: never confirmed. */
  delay: number | null
  fields: { name: string; email: string; country: string; display: string }
  language: string
  headers: Record<string, string>
}

export interface Crowd {
  honest: number
  /** Milliseconds in which they come. */
  span: number
}

export interface Farm {
  forms: number
  mailboxes: number
  domains: number
  prefixes: number
  /** Of its domains' names, and its networks' addresses; another farm has others. */
  name?: string
  network?: number
  /** Each mailbox at a name of its own below its domain. */
  ownHosts?: boolean
  /** Milliseconds after the crowd's beginning. */
  from: number
  until: number
}

const LATIN =
  'Ali Leyla Murad Nigar Anna Peter Marie Jan Eva Thomas Sofia Elena Marek Lucas Aysel Kamran Zaur'
const FAMILY =
  'Mammadov Aliyeva Schmidt Novak Martin Jansen Rossi Kowalska Huseynov Guliyeva Weber Dubois'
const CYRILLIC = 'Иван Мария Алесь Наста Ольга Дмитрий Павел Янка Сергей Анна'
const CYRILLIC_FAMILY = 'Иванов Ковалева Купала Петрова Сидоренко Мельник Козлов Бондарь'
const words = (list: string) => list.split(' ')

/** By how many in a thousand. */
const PROVIDERS: [domain: string, weight: number][] = [
  ['gmail.com', 420], ['mail.ru', 110], ['yandex.ru', 60], ['proton.me', 50], ['icloud.com', 40],
  ['outlook.com', 40], ['ukr.net', 30], ['gmx.de', 30], ['web.de', 20], ['tut.by', 20], ['wp.pl', 20],
] // biome-ignore format: one list
const COUNTRIES: [country: string, weight: number][] = [
  ['AZ', 300], ['DE', 180], ['TR', 90], ['BY', 80], ['PL', 70], ['RU', 60], ['UA', 50], ['GE', 40], ['FR', 40],
  ['GB', 40], ['US', 30], ['CZ', 20],
] // biome-ignore format: one list
const AGENTS: [agent: string, weight: number][] = [
  ['Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36', 380],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1', 220],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36', 210],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0', 70],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15', 60],
  ['Mozilla/5.0 (Linux; Android 13; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36 Telegram/11', 60],
] // biome-ignore format: one list
const WINDOWS = AGENTS[2]![0]
const LANGUAGES = ['en', 'az', 'ru', 'be']

/**
 * A week of a campaign that spreads by friends: most through mobile networks that thousands share, a tenth with a
 * mailbox at a domain of their own, in two waves and one rush from a single country.
 */
export function makeCrowd({ honest, span }: Crowd, seed: number): Signer[] {
  const random = createRandom(seed)
  return Array.from({ length: honest }, (_, nth) => {
    const isRush = random.chance(0.15)
    const country = isRush ? 'PL' : weighted(random, COUNTRIES)
    const isCyrillic = ['RU', 'BY', 'UA'].includes(country) && random.chance(0.8)
    const first = random.pick(words(isCyrillic ? CYRILLIC : LATIN))
    const family = random.pick(words(isCyrillic ? CYRILLIC_FAMILY : FAMILY))
    const name = random.chance(0.05) ? `${first} ${family}`.toLowerCase() : `${first} ${family}`
    // A tenth have a domain of their own, some of them the same employer's.
    const domain = random.chance(0.1)
      ? random.chance(0.4)
        ? `office${random.below(Math.ceil(honest / 80))}.example`
        : `person${nth}.example`
      : weighted(random, PROVIDERS)
    const language = isRush ? 'en' : isCyrillic ? random.pick(['ru', 'be']) : random.pick(['en', 'az', 'az'])
    return {
      isBot: false,
      at: isRush ? span * 0.6 + random.below(6 * HOUR) : momentOf(random, span),
      delay: random.chance(0.85) ? humanDelay(random) : null,
      fields: { name, email: `signer${nth}@${domain}`, country, display: random.pick(['hidden', 'hidden', 'initials', 'name']) },
      language,
      headers: {
        'user-agent': weighted(random, AGENTS),
        'accept-language': random.chance(0.8) ? language : random.pick(LANGUAGES),
        'x-forwarded-for': random.chance(0.6)
          ? `100.${10 + random.below(8)}.${random.below(40)}.${1 + random.below(250)}`.replace(/^100/, '5')
          : `${80 + random.below(90)}.${random.below(256)}.${random.below(256)}.${1 + random.below(250)}`,
      },
    }
  }) // biome-ignore format: as above
}

/** Robots that take their time as people do, with mailboxes that somebody made for them. */
export function makeFarm({ name = 'farm', network = 45, ...farm }: Farm, seed: number): Signer[] {
  const random = createRandom(seed)
  return Array.from({ length: farm.forms }, (_, nth) => {
    const mailbox = nth % farm.mailboxes
    const domain = `${farm.ownHosts ? `m${mailbox}.` : ''}${name}${mailbox % farm.domains}.example`
    const country = weighted(random, COUNTRIES)
    const language = random.pick(LANGUAGES)
    return {
      isBot: true,
      at: farm.from + random.below(farm.until - farm.from),
      delay: humanDelay(random),
      fields: {
        name: `${random.pick(words(LATIN))} ${random.pick(words(FAMILY))}`,
        // The same mailboxes again and again: only the first form of each can count.
        email: `box${mailbox}@${domain}`,
        country,
        display: 'name',
      },
      language,
      headers: {
        'user-agent': random.chance(0.8) ? WINDOWS : weighted(random, AGENTS),
        'accept-language': random.chance(0.8) ? language : 'en-US,en',
        'x-forwarded-for': `${network}.${Math.floor((nth % farm.prefixes) / 256)}.${(nth % farm.prefixes) % 256}.${1 + random.below(250)}`,
      },
    }
  })
}

/** More by day than by night, more at the beginning than at the end. */
function momentOf(random: Random, span: number): number {
  for (;;) {
    const at = random.below(span)
    const hour = (at % DAY) / HOUR
    const byDay = 0.25 + 0.75 * Math.max(0, Math.sin((Math.PI * hour) / 20))
    const fading = 0.4 + 0.6 * Math.exp((-3 * at) / span)
    if (random.chance(byDay * fading)) return at
  }
}

/** Half within three minutes, one in ten later than an hour. */
function humanDelay(random: Random): number {
  const gauss = Math.sqrt(-2 * Math.log(1 - random.below(1e9) / 1e9)) * Math.cos(2 * Math.PI * (random.below(1e9) / 1e9)) // biome-ignore format: one formula
  return Math.min(20 * HOUR, Math.max(20 * SECOND, 3 * MINUTE * Math.exp(2.2 * gauss)))
}

function weighted(random: Random, from: readonly [string, number][]): string {
  let left = random.below(from.reduce((sum, [, weight]) => sum + weight, 0))
  for (const [value, weight] of from) {
    left -= weight
    if (left < 0) return value
  }
  return from[0]![0]
}
