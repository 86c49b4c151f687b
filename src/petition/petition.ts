import type { Db } from '../database.ts'
import { type Clock, DAY } from '../platform/clock.ts'
import {
  listPetitions,
  listTexts,
  type PetitionRow,
  type PetitionTextRow,
} from './petition.queries.ts'
import type { PetitionSettings } from './publishing/petition-files.ts'

/** Confirmations of mails that were under way when the petition closed still count. */
const CONFIRMATION_GRACE = DAY

export interface Petition {
  id: number
  slug: string
  settings: PetitionSettings
  opensAt: Date
  /** When it closes or closed, by date or by hand; null when open-ended. */
  closesAt: Date | null
  updatedAt: Date
  /** Wrapped; null once the petition is archived. */
  tagKey: Buffer | null
  /** Newest first in each language. */
  texts: Record<string, PetitionTextRow[]>
}

export type PetitionState = 'upcoming' | 'open' | 'closed'

export function petitionState(petition: Petition, clock: Clock): PetitionState {
  const now = clock.now()
  if (petition.closesAt && petition.closesAt <= now) return 'closed'
  return petition.opensAt > now ? 'upcoming' : 'open'
}

/** Whether signers may ask for mails about the petition. */
export function offersUpdates({ settings }: Petition): boolean {
  // Published before there was a choice.
  return settings.updates ?? true
}

/** age recipients of the petition's signatures. */
export function recipientsOf({ settings }: Petition): string[] {
  return (settings as { recipients?: string[] }).recipients ?? []
}

/** Whether its signatures are sealed to the demonstration's key, which lies on the server. */
export function hasDemoKey({ settings }: Petition): boolean {
  return (settings as { demoKey?: boolean }).demoKey ?? false
}

/** True while a pending signature may still be confirmed. */
export function takesConfirmations(petition: Petition, clock: Clock): boolean {
  if (!petition.closesAt) return true
  return clock.now().getTime() < petition.closesAt.getTime() + CONFIRMATION_GRACE
}

/** The current text in the language, or in the petition's default one. */
export function currentText(petition: Petition, language: string): PetitionTextRow {
  const offered = petition.settings.languages
  const chosen = offered.includes(language) ? language : offered[0]!
  return petition.texts[chosen]![0]!
}

export async function loadPetitions(db: Db): Promise<Petition[]> {
  const rows = await listPetitions(db)
  return Promise.all(rows.map(async (row) => toPetition(row, await listTexts(db, row.id))))
}

function toPetition(row: PetitionRow, texts: PetitionTextRow[]): Petition {
  const closings = [row.closes_at, row.closed_at].filter((date) => date !== null)
  return {
    id: row.id,
    slug: row.slug,
    settings: row.settings,
    opensAt: row.opens_at,
    closesAt: closings.sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
    updatedAt: row.updated_at,
    tagKey: row.tag_key,
    texts: Object.fromEntries(
      [...new Set(texts.map((text) => text.language))].map((language) => [
        language,
        texts.filter((text) => text.language === language),
      ]),
    ),
  }
}
