import { createHash } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { Counts } from '../count/counts.ts'
import { currentText, organiserNames, type Petition } from '../petition/petition.ts'
import type { Pictures } from '../picture/pictures.ts'
import type { Clock } from '../platform/clock.ts'
import { commaOf, isRightToLeft } from '../platform/i18n/direction.ts'
import { type MadeInTurn, makeInTurn } from '../platform/make-in-turn.ts'
import { readPublicFile } from '../platform/web/assets.ts'
import { accentOf } from './accents.ts'
import { countWords } from './count-words.ts'
import { drawBadge } from './draw-badge.ts'
import { type CardContent, drawCard } from './draw-card.ts'
import type { ShapeName } from './shapes.ts'

/** Some 80 cards. */
const BUDGET_BYTES = 16 * 1024 * 1024
const DIGITS = 12

interface Needs {
  config: { publicUrl: string }
  clock: Clock
  counts: Pick<Counts, 'shown'>
  pictures: Pick<Pictures, 'find' | 'file'>
  logger: Pick<FastifyBaseLogger, 'warn'>
}

export type Cards = ReturnType<typeof cardsOf>

/** What a card shows, and by what it is known: another count, text or picture gives another name. */
interface CardPlan {
  content: Omit<CardContent, 'picture'>
  /** Name of a file of `pictures`. */
  picture: string | null
  version: string
}

/** Pictures of petitions for link previews and posts, drawn when somebody asks, and kept in memory. */
export function createCards(needs: Needs) {
  const made = makeInTurn({ name: 'cards', budget: BUDGET_BYTES, ...needs })
  return {
    ...cardsOf(needs, made),
    /** The same for a mirror, whose name stands on its cards. */
    at: (publicUrl: string) => cardsOf({ ...needs, config: { publicUrl } }, made),
  }
}

/** @param made of all origins: a card's key has all that is seen on it, the origin's name too */
function cardsOf(needs: Needs, made: MadeInTurn) {
  return {
    /** For an address that is new when the card is. */
    version: async (petition: Petition, language: string) =>
      (await planCard(needs, petition, language)).version,
    /** The count alone, as an SVG. */
    async badge(petition: Petition, language: string) {
      const { counted } = await needs.counts.shown(petition.id)
      const words = countWords(petition, { counted, language, clock: needs.clock })
      return drawBadge({ ...words, language, accent: petition.settings.accent })
    },
    /** @returns a PNG; one without words of the petition, and not `isOwn`, where it can't be drawn in time */
    async find(
      petition: Petition,
      language: string,
      shape: ShapeName,
    ): Promise<{ png: Buffer; isOwn: boolean }> {
      const { content, picture, version } = await planCard(needs, petition, language)
      const png = await made.find(`${petition.id} ${shape} ${version}`, async () => {
        const bytes = picture ? await needs.pictures.file(picture) : null
        return drawCard(shape, { ...content, picture: bytes })
      })
      return png
        ? { png, isOwn: true }
        : { png: readPublicFile(`cards/${shape}.png`), isOwn: false }
    },
  }
}

async function planCard(
  { config, clock, counts, pictures }: Needs,
  petition: Petition,
  language: string,
): Promise<CardPlan> {
  const { slogan, title } = currentText(petition, language).content
  const { counted } = await counts.shown(petition.id)
  const { image, accent } = petition.settings
  const source = image?.card ?? image?.source
  const picture = source ? await pictures.find(petition.id, source) : null
  const content = {
    slogan: slogan || title,
    organisers: organiserNames(petition, language).join(commaOf(language)),
    ...countWords(petition, { counted, language, clock }),
    host: new URL(config.publicUrl).host,
    direction: isRightToLeft(language) ? 'rtl' : 'ltr',
    accent: accentOf(accent),
  } as const
  const file = picture?.sizes.at(-1)?.jpg ?? null
  const said = JSON.stringify([content, file])
  const version = createHash('sha256').update(said).digest('hex').slice(0, DIGITS)
  return { content, picture: file, version }
}
