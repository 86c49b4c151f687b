import type { Static } from 'typebox'
import { raiseGoal } from '../../petition/page/raise-goal.ts'
import { petitionPath } from '../../petition/page/view-petition.ts'
import { currentText, type Petition, petitionState } from '../../petition/petition.ts'
import type { Services } from '../../services.ts'
import type { PetitionAnswer } from './api.schemas.ts'

/** A petition as version 1 of the API tells it. @param language of the title */
export async function describePetition(
  { clock, config, counts }: Pick<Services, 'clock' | 'config' | 'counts'>,
  petition: Petition,
  language: string,
): Promise<Static<typeof PetitionAnswer>> {
  const { confirmed, withdrawn, voided, counted } = await counts(petition.id)
  const { slug, settings } = petition
  const state = petitionState(petition, clock)
  const api = `${config.publicUrl}/api/v1/petitions/${slug}`
  const page = petitionPath(slug)
  return {
    slug,
    // To a reader of the API it doesn't matter what a petition still waits for.
    status: state === 'unready' ? 'upcoming' : state,
    title: currentText(petition, language).content.title,
    languages: settings.languages,
    goal: raiseGoal(settings.goals, counted),
    signatures: { confirmed, withdrawn, voided, counted },
    opensAt: petition.opensAt.toISOString(),
    closesAt: petition.closesAt?.toISOString() ?? null,
    updatedAt: petition.updatedAt.toISOString(),
    urls: {
      page: `${config.publicUrl}/p/${slug}`,
      pages: Object.fromEntries(
        settings.languages.map((other) => [other, `${config.publicUrl}${page(other)}`]),
      ),
      api,
      counts: `${api}/counts`,
      countsCsv: `${api}/counts.csv`,
      countsXlsx: `${api}/counts.xlsx`,
    },
  }
}
