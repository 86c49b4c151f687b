import type { Static } from 'typebox'
import type { Config } from '../config.ts'
import type { Counts } from '../count/counts.ts'
import type { PublicLog } from '../log/public-log.ts'
import { raiseGoal } from '../pages/raise-goal.ts'
import { petitionPath } from '../petition/paths.ts'
import { currentText, type Petition, petitionState } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import { toIso } from '../platform/zone.ts'
import type { PetitionAnswer } from './api.schemas.ts'

/** A petition as version 1 of the API tells it. @param language of the title */
export async function describePetition(
  site: { clock: Clock; config: Config; counts: Counts; publicLog: PublicLog },
  petition: Petition,
  language: string,
): Promise<Static<typeof PetitionAnswer>> {
  const { clock, config } = site
  const { confirmed, withdrawn, voided, counted } = await site.counts.shown(petition.id)
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
    log: await describeLog(site, petition.id),
    opensAt: toIso(petition.opensAt, petition.opensZone),
    closesAt: petition.closesAt && toIso(petition.closesAt, petition.closesZone),
    updatedAt: petition.updatedAt.toISOString(),
    urls: {
      page: `${config.publicUrl}/p/${slug}`,
      pages: Object.fromEntries(
        settings.languages.map((other) => [other, `${config.publicUrl}${page(other)}`]),
      ),
      verify: `${config.publicUrl}${page(currentText(petition, language).language)}/verify`,
      log: `${config.publicUrl}/log/checkpoint`,
      api,
      counts: `${api}/counts`,
      countsCsv: `${api}/counts.csv`,
      countsXlsx: `${api}/counts.xlsx`,
    },
  }
}

async function describeLog(
  { config, publicLog }: { config: Config; publicLog: PublicLog },
  petitionId: number,
): Promise<Static<typeof PetitionAnswer>['log']> {
  const log = await publicLog.published()
  return (
    log && {
      certified: log.certified(petitionId),
      size: log.size,
      certifiedAt: log.publishedAt.toISOString(),
      interval: config.logInterval,
      vkey: log.vkey,
    }
  )
}
