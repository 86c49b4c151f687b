import type { Petition } from '../../petition/petition.ts'
import { formatDate, formatMoment } from '../../platform/i18n/format.ts'
import { translator } from '../../platform/i18n/translate.ts'
import { toIso } from '../../platform/i18n/zone.ts'
import type { PictureView } from './view-picture.ts'

/** Why no form is taken for the moment: in the organisers' own words, or in those of the reason. Null unless paused. */
export function viewPause({ pause }: Petition, language: string): string | null {
  if (!pause) return null
  const { reason, words } = pause
  return words[language] ?? translator(language)(`petition.paused.${reason}`)
}

export interface DeliveryView {
  /** A sentence: when, and to whom. */
  text: string
  /** Null while the answer is awaited. */
  answered: { on: string; href: string | null } | null
  picture: PictureView | null
}

/** That the signatures were handed over, and what came of it; null before. */
export function viewDelivery(
  { delivery, settings }: Petition,
  language: string,
  picture: PictureView | null,
): DeliveryView | null {
  if (!delivery) return null
  const day = (date: string) => formatDate(new Date(`${date}T00:00:00Z`), language)
  // A language that was added since has no words for it.
  const to = delivery.to[language] ?? delivery.to[settings.languages[0]!] ?? ''
  const { answered } = delivery
  return {
    text: translator(language)('petition.delivered.on', { date: day(delivery.on), to }),
    answered: answered && { on: day(answered.on), href: answered.url },
    picture,
  }
}

/** Opening and closing as the organisers wrote them. */
export function viewDays({ opensAt, opensZone, closesAt, closesZone }: Petition, language: string) {
  return {
    opensOn: formatMoment(opensAt, language, opensZone),
    opensDatetime: toIso(opensAt, opensZone),
    closesOn: closesAt && formatMoment(closesAt, language, closesZone),
    closesDatetime: closesAt && toIso(closesAt, closesZone),
  }
}
