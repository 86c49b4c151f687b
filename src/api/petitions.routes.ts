import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { Value } from 'typebox/value'
import type { Config } from '../config.ts'
import type { Counts } from '../count/counts.ts'
import { mediaTypes } from '../count/write-counts.ts'
import type { Imports } from '../imported/imports.ts'
import type { PublicLog } from '../log/public-log.ts'
import { getPetition } from '../pages/get-petition.ts'
import type { Papers } from '../paper/papers.ts'
import type { Delivery } from '../petition/delivery.ts'
import { anyLanguagePath, petitionPath, verifyPath } from '../petition/paths.ts'
import { currentText, type Petition, raiseGoal } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { stageOf } from '../petition/stages.ts'
import type { Clock } from '../platform/clock.ts'
import { languages } from '../platform/i18n/translate.ts'
import { toIso } from '../platform/i18n/zone.ts'
import type { AnswerCache } from '../platform/web/answer-cache.ts'
import type { ReadQuery } from '../platform/web/read-query.ts'
import { FIGURES_CACHE } from '../platform/web/send-page.ts'
import type { Scrutiny } from '../scrutiny/scrutiny.ts'
import {
  answersOf,
  answersOfList,
  PetitionAnswer,
  PetitionsAnswer,
  SlugParams,
  TitleQuery,
} from './api.schemas.ts'

type TitleParams = { Querystring: Static<typeof TitleQuery> }

export interface DescribeNeeds {
  clock: Clock
  config: Config
  counts: Pick<Counts, 'shown'>
  publicLog: Pick<PublicLog, 'published'>
  scrutiny: Pick<Scrutiny, 'totals'>
  papers: Pick<Papers, 'total'>
  imports: Pick<Imports, 'total'>
}

export interface PetitionsNeeds extends DescribeNeeds {
  petitions: Petitions
  answers: AnswerCache
}

/** The schemas check queries and make the docs; the handlers write the bodies, for their ETag. */
export function petitionsApi(api: FastifyInstance, needs: PetitionsNeeds): void {
  const { petitions, answers } = needs

  api.get<TitleParams>(
    '/v1/petitions',
    {
      schema: {
        operationId: 'listPetitions',
        summary: 'Every petition with its count',
        querystring: TitleQuery,
        response: answersOfList('application/json', 'Every petition', PetitionsAnswer),
      },
    },
    async (request, reply) => {
      const { lang = '' } = request.query
      const all = await petitions.published()
      const make = async () => {
        const described = await Promise.all(all.map((one) => describePetition(needs, one, lang)))
        return {
          body: JSON.stringify({ petitions: described }),
          headers: { 'content-type': mediaTypes.json, 'cache-control': FIGURES_CACHE },
        }
      }
      return answers.send(reply, { key: 'api petitions', read: readTitle, make })
    },
  )

  api.get<TitleParams & { Params: Static<typeof SlugParams> }>(
    '/v1/petitions/:slug',
    {
      schema: {
        operationId: 'getPetition',
        summary: 'One petition with its count',
        params: SlugParams,
        querystring: TitleQuery,
        response: answersOf('application/json', 'The petition', PetitionAnswer),
      },
    },
    async (request, reply) => {
      const { lang = '' } = request.query
      const petition = await getPetition(petitions, request.params.slug, undefined, {
        hidden: 'found',
      })
      const { language } = currentText(petition, lang)
      return answers.send(reply, {
        key: `api petition ${petition.slug}`,
        read: readTitleOf(petition),
        make: async () => ({
          body: JSON.stringify(await describePetition(needs, petition, language)),
          headers: {
            'content-type': mediaTypes.json,
            'content-language': language,
            'cache-control': FIGURES_CACHE,
          },
        }),
      })
    },
  )
}

/** What the schema refuses is left to it: it says why. */
const readTitle: ReadQuery = ({ lang = '' }) =>
  Value.Check(TitleQuery, { lang })
    ? { variant: languages.includes(lang as string) ? (lang as string) : '' }
    : null

const readTitleOf =
  (petition: Petition): ReadQuery =>
  (query) => {
    const asked = readTitle(query)
    return asked && { variant: currentText(petition, asked.variant!).language }
  }

/** A petition as version 1 of the API shows it. @param language of the title */
export async function describePetition(
  needs: DescribeNeeds,
  petition: Petition,
  language: string,
): Promise<Static<typeof PetitionAnswer>> {
  const { clock, config } = needs
  const { confirmed, withdrawn, voided, counted } = await needs.counts.shown(petition.id)
  const { slug, settings } = petition
  const stage = stageOf(petition, clock)
  const api = `${config.publicUrl}/api/v1/petitions/${slug}`
  const page = petitionPath(slug)
  const text = currentText(petition, language)
  return {
    slug,
    status: STATUS[stage],
    stage,
    hidden: petition.hiddenAt !== null,
    delivery: petition.delivery && pickDelivery(petition.delivery),
    title: petition.hiddenAt ? slug : text.content.title,
    languages: settings.languages,
    goal: raiseGoal(settings.goals, counted),
    signatures: { confirmed, withdrawn, voided, counted },
    paper: await needs.papers.total(petition),
    imported: await needs.imports.total(petition),
    scrutiny: await needs.scrutiny.totals(petition),
    log: await describeLog(needs, petition.id),
    opensAt: toIso(petition.opensAt, petition.opensZone),
    closesAt: petition.closesAt && toIso(petition.closesAt, petition.closesZone),
    updatedAt: petition.updatedAt.toISOString(),
    urls: {
      page: `${config.publicUrl}${anyLanguagePath(slug)}`,
      pages: Object.fromEntries(
        settings.languages.map((other) => [other, `${config.publicUrl}${page(other)}`]),
      ),
      verify: `${config.publicUrl}${verifyPath(slug)(text.language)}`,
      log: `${config.publicUrl}/log/checkpoint`,
      api,
      counts: `${api}/counts`,
      countsCsv: `${api}/counts.csv`,
      countsXlsx: `${api}/counts.xlsx`,
      targets: `${api}/targets`,
    },
  }
}

const pickDelivery = ({ on, to, answered }: Delivery) => ({ on, to, answered })

const STATUS = {
  upcoming: 'upcoming',
  open: 'open',
  paused: 'open',
  closed: 'closed',
  delivered: 'closed',
  answered: 'closed',
} as const

async function describeLog(
  { config, publicLog }: DescribeNeeds,
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
